/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jamesoutgoing.store.VersionedValue;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;

/** The revision of what is stored as an entity tag (RFC 9110 §8.8.3), and the conditions that a request makes with it (§13.1). */
final class EntityTag {

    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_MATCH = "If-None-Match";

    /** What has to be so for a change to be made. */
    interface Condition {

        boolean allows(Optional<? extends VersionedValue<?>> present);

        /** Whether the request makes one. */
        default boolean isGiven() {
            return true;
        }
    }

    private static final Condition NONE = new Condition() {
        @Override
        public boolean allows(Optional<? extends VersionedValue<?>> present) {
            return true;
        }

        @Override
        public boolean isGiven() {
            return false;
        }
    };

    private EntityTag() {}

    static String of(VersionedValue<?> stored) {
        return "\"" + stored.revision() + "\"";
    }

    static Condition condition(Request request) throws BadRequestException {
        String match = request.headers(IF_MATCH);
        String noneMatch = request.headers(IF_NONE_MATCH);
        if (match != null && noneMatch != null) {
            throw new BadRequestException("both If-Match and If-None-Match are given; allowed: one of them");
        }
        if (noneMatch != null) {
            if (!noneMatch.trim().equals("*")) {
                throw new BadRequestException(
                        "If-None-Match is '" + noneMatch + "'; allowed: * (there must be none yet)");
            }
            return Optional::isEmpty;
        }
        return match == null ? NONE : matching(match.trim());
    }

    private static Condition matching(String header) throws BadRequestException {
        if (header.equals("*")) {
            return Optional::isPresent;
        }
        List<String> tags =
                Arrays.stream(header.split(",", -1)).map(String::trim).toList();
        // A weak tag (W/"…") is well-formed and never matches (RFC 9110 §8.8.3.2).
        if (!tags.stream().allMatch(tag -> tag.matches("(W/)?\"[\\x21\\x23-\\x7e\\x80-\\xff]*\""))) {
            throw new BadRequestException("If-Match is '" + header
                    + "'; allowed: the ETag that was answered, with its quotes, such as \"7\"");
        }
        return present -> present.isPresent() && tags.contains(of(present.get()));
    }
}
