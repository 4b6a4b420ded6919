/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.delivery.Suspension;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;

/** Why and until when something is suspended: {@code {"reason": "…", "until": "…"}}, {@code "for"} in place of {@code "until"}, or nothing. */
final class SuspensionBody {

    private static final String REASON = "reason";
    private static final Duration LONGEST = Duration.ofDays(365_000);

    private SuspensionBody() {}

    /** @throws OptionException naming the field */
    static Suspension read(Request request, Instant now) throws BadRequestException {
        byte[] body = request.bodyAsBytes();
        Map<String, String> fields = body == null || body.length == 0
                ? Map.of()
                : RequestBody.read(request, List.of(), List.of(REASON, ReasonAndEnd.UNTIL, ReasonAndEnd.FOR));
        Optional<Instant> end = ReasonAndEnd.end(
                Optional.ofNullable(fields.get(ReasonAndEnd.UNTIL)),
                Optional.ofNullable(fields.get(ReasonAndEnd.FOR)),
                now,
                LONGEST);
        String reason = Optional.ofNullable(fields.get(REASON))
                .map(text -> ReasonAndEnd.REASON.read(REASON, text.trim()))
                .filter(text -> !text.isEmpty())
                .orElse("suspended by webadmin");
        return new Suspension(reason, now, end);
    }
}
