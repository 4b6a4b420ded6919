/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.stream.Stream;
import org.apache.commons.configuration2.Configuration;

/**
 * Passwords of James's webadmin (after 3.9.0) that let in with {@code GET} and {@code HEAD} only, or with anything but
 * {@code DELETE}. Which one a request has come with is James's affair.
 */
final class GradedPasswords {

    private static final String READ_ONLY = "password.readonly";
    private static final String NO_DELETE = "password.nodelete";

    /** For people. */
    static final String NAMES = READ_ONLY + ", " + NO_DELETE;

    private GradedPasswords() {}

    /** Whether {@code webadmin.properties} has any. With {@code jwt.enabled=true} James has no passwords. */
    static boolean areSet(Configuration webadmin) {
        return !webadmin.getBoolean("jwt.enabled", false)
                && Stream.of(READ_ONLY, NO_DELETE)
                        .flatMap(name -> Stream.of(webadmin.getStringArray(name)))
                        .anyMatch(password -> !password.isBlank());
    }
}
