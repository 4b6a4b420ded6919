/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import static java.util.Objects.requireNonNull;

/**
 * Why a mail or a recipient does not get to a host, when it is we who say so.
 *
 * @param status RFC 3463 code, such as {@code 5.1.3}
 * @param text for people, one line
 */
record LocalFailure(String status, String text) {

    LocalFailure {
        requireNonNull(status, "status");
        requireNonNull(text, "text");
    }
}
