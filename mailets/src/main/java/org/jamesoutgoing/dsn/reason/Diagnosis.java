/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.reason;

import java.util.Optional;

/**
 * Why one recipient did not get the message: by status code first, where it means one thing only, then by the words of
 * the reply, then by what the code most likely means.
 *
 * @param cause what to tell; with {@code expired}, what stood in the way at last, perhaps {@link Cause#OTHER}
 * @param expired whether it is over because the time was up
 */
public record Diagnosis(Cause cause, boolean expired) {
    /** Of a code that says what happened. */
    public static Diagnosis of(String status, Optional<String> reply, String detail) {
        return of(status, Optional.empty(), reply, detail);
    }

    /** @param lastStatus our code of the last attempt, when {@code status} only says that the time is up */
    public static Diagnosis of(String status, Optional<String> lastStatus, Optional<String> reply, String detail) {
        Optional<Cause> certain = StatusCodes.certain(status);
        if (certain.equals(Optional.of(Cause.EXPIRED))) {
            // Our own code has taken the place of the last one; a reply has kept its own.
            Cause last = reply.map(words -> of(statusIn(words), reply, detail).cause())
                    .or(() -> ReplyPatterns.ofTrouble(detail))
                    .or(() -> lastStatus.map(StatusCodes::ours))
                    .filter(cause -> cause != Cause.EXPIRED)
                    .orElse(Cause.OTHER);
            return new Diagnosis(last, true);
        }
        Cause cause = certain.or(() -> reply.flatMap(ReplyPatterns::ofReply))
                .orElseGet(() -> reply.map(words -> StatusCodes.likely(status, words))
                        .orElseGet(() -> StatusCodes.ours(status)));
        return new Diagnosis(cause, false);
    }

    private static String statusIn(String reply) {
        String[] words = reply.split("[ -]", 3);
        // Never again "expired": that would not end.
        return words.length > 1 && !words[1].endsWith(".4.7") ? words[1] : "";
    }
}
