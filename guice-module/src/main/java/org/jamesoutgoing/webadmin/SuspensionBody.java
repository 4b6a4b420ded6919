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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.routing.OptionException;
import org.jamesoutgoing.routing.ValueType;
import org.jamesoutgoing.webadmin.Problem.BadRequestException;
import spark.Request;

/** Why and until when something is suspended: {@code {"reason": "…", "until": "…"}}, {@code "for"} in place of {@code "until"}, or nothing. */
final class SuspensionBody {

    private static final String REASON = "reason";
    private static final String UNTIL = "until";
    private static final String FOR = "for";

    private static final int LONGEST_REASON = 200;
    private static final ValueType<String> REASONS =
            new ValueType<>("one line of " + LONGEST_REASON + " characters at most", SuspensionBody::reasonOf);
    private static final ValueType<Duration> TIMES = ValueType.duration(Duration.ofSeconds(1), Duration.ofDays(3650));

    private SuspensionBody() {}

    /** @throws OptionException naming the field */
    static Suspension read(Request request, Instant now) throws BadRequestException {
        byte[] body = request.bodyAsBytes();
        Map<String, String> fields = body == null || body.length == 0
                ? Map.of()
                : RequestBody.read(request, List.of(), List.of(REASON, UNTIL, FOR));
        Optional<Instant> until =
                Optional.ofNullable(fields.get(UNTIL)).map(text -> time(now).read(UNTIL, text));
        Optional<Duration> wait = Optional.ofNullable(fields.get(FOR)).map(text -> TIMES.read(FOR, text));
        if (until.isPresent() && wait.isPresent()) {
            throw new BadRequestException("'for' and 'until' say the same; allowed: one of them");
        }
        String reason = Optional.ofNullable(fields.get(REASON))
                .map(text -> REASONS.read(REASON, text.trim()))
                .filter(text -> !text.isEmpty())
                .orElse("suspended by webadmin");
        return new Suspension(reason, now, until.or(() -> wait.map(now::plus)));
    }

    private static ValueType<Instant> time(Instant now) {
        return new ValueType<>("a time to come, such as 2026-12-31T06:00:00Z; it is " + now + " now", text -> {
            try {
                Instant time = Instant.parse(text);
                if (time.isAfter(now)) {
                    return time;
                }
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(e);
            }
            throw new IllegalArgumentException();
        });
    }

    private static String reasonOf(String text) {
        if (text.length() > LONGEST_REASON || text.codePoints().anyMatch(SuspensionBody::breaksLines)) {
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
