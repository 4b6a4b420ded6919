/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import org.jamesoutgoing.settings.ValueType;

/** How much of a list is answered at once. */
final class Paging {

    static final String LIMIT = "limit";
    static final String OFFSET = "offset";
    static final String AFTER = "after";

    private static final int DEFAULT_LIMIT = 100;

    private static final ValueType<Integer> LIMITS = new ValueType<>(
            "a whole number from 1 to " + Integer.MAX_VALUE + ", or 0 or unlimited for all", Paging::limitOf);
    private static final ValueType<Integer> OFFSETS = ValueType.number(0, Integer.MAX_VALUE);
    private static final ValueType<String> IDS =
            new ValueType<>("the id of a mail, the last one of the page before", Paging::idOf);

    private Paging() {}

    /** How many at most; {@link Integer#MAX_VALUE} for all. */
    static int limit(QueryParameters query) {
        return query.read(LIMIT, LIMITS).orElse(DEFAULT_LIMIT);
    }

    static int offset(QueryParameters query) {
        return query.read(OFFSET, OFFSETS).orElse(0);
    }

    /** Behind which mail to begin; empty for the beginning. It need not be there any more. */
    static String after(QueryParameters query) {
        return query.read(AFTER, IDS).orElse("");
    }

    private static int limitOf(String text) {
        int limit = text.equals("unlimited") ? 0 : Integer.parseInt(text);
        if (limit < 0) {
            throw new IllegalArgumentException();
        }
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    private static String idOf(String text) {
        if (!text.matches("[0-9a-z-]{1,40}")) {
            throw new IllegalArgumentException();
        }
        return text;
    }
}
