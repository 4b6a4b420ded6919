/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import org.apache.james.webadmin.authentication.AuthenticationFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import spark.Request;

/**
 * Who did what by webadmin, one line each. James 3.8.1 has no audit log of its own; its log configuration decides where lines
 * of the logger {@value #NAME} go.
 */
final class AuditLog {

    static final String NAME = "org.jamesoutgoing.audit";
    private static final Logger LOGGER = LoggerFactory.getLogger(NAME);

    private AuditLog() {}

    /** Octets that a client chose do not fill the log. */
    private static final int LONGEST = 2000;

    /** @param what such as {@code action=delete mail=…}; no secrets */
    static void record(Request request, String what) {
        Object user = request.attribute(AuthenticationFilter.LOGIN);
        LOGGER.info(
                "user={} address={} {}",
                user == null ? "-" : oneLine(user.toString()),
                request.ip(),
                oneLine(what, LONGEST));
    }

    /** The same, cut to so many characters. */
    static String oneLine(String text, int longest) {
        String line = oneLine(text);
        return line.length() > longest ? line.substring(0, longest) + "…" : line;
    }

    static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ");
    }
}
