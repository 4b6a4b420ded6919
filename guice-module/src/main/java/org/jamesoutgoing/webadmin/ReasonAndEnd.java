/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;

/** Why somebody wants something, and until when it is to last: as a request may say it. */
final class ReasonAndEnd {

    /** The moment when it ends. */
    static final String UNTIL = "until";

    /** How long it lasts. */
    static final String FOR = "for";

    private static final int LONGEST_REASON = 200;

    static final ValueType<String> REASON =
            new ValueType<>("one line of " + LONGEST_REASON + " characters at most", ReasonAndEnd::reasonOf);

    private ReasonAndEnd() {}

    /**
     * The end, if one is given.
     *
     * @param longest how far away it may be
     * @throws org.jamesoutgoing.settings.OptionException naming the field, and what is allowed
     * @throws BadRequestException when both are given
     */
    static Optional<Instant> end(Optional<String> until, Optional<String> wait, Instant now, Duration longest)
            throws BadRequestException {
        if (until.isPresent() && wait.isPresent()) {
            throw new BadRequestException("'for' and 'until' say the same; allowed: one of them");
        }
        Optional<Duration> length = wait.map(
                text -> ValueType.duration(Duration.ofSeconds(1), longest).read(FOR, text));
        return until.map(text -> time(now, longest).read(UNTIL, text)).or(() -> length.map(now::plus));
    }

    private static ValueType<Instant> time(Instant now, Duration longest) {
        String allowed = "a time within " + longest.toDays() + " days to come, such as 2026-12-31T06:00:00Z; it is "
                + now + " now";
        return new ValueType<>(allowed, text -> {
            try {
                Instant time = Instant.parse(text);
                if (time.isAfter(now) && !time.isAfter(now.plus(longest))) {
                    return time;
                }
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(e);
            }
            throw new IllegalArgumentException();
        });
    }

    private static String reasonOf(String text) {
        if (text.length() > LONGEST_REASON || text.codePoints().anyMatch(ReasonAndEnd::breaksLines)) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    private static boolean breaksLines(int character) {
        int type = Character.getType(character);
        return type == Character.CONTROL
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}
