/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.Optional;

/** What the sender can do about a failure, by the subject and detail of its enhanced status code (RFC 3463 §3). */
final class Advice {
    private Advice() {}

    static Optional<String> on(String status) {
        // The class does not matter here: 4.4.1 and 5.4.1 ask for the same.
        String subjectAndDetail = status.substring(status.indexOf('.') + 1);
        return Optional.ofNullable(
                switch (subjectAndDetail) {
                    case "1.0", "1.1", "1.2", "1.3", "1.6", "1.10" -> "Please check the address for mistakes, or ask"
                            + " the recipient for the right one.";
                    case "2.1" -> "Please ask the recipient in another way for an address that works.";
                    case "2.2" -> "Please send your message again when the recipient has made room.";
                    case "2.3", "3.4" -> "Please send a smaller message, or a link in place of large attachments.";
                    case "7.0", "7.1", "7.25", "7.26", "7.27" -> "Sending it again will not help. Please pass this"
                            + " notification on to your administrator.";
                    default -> subjectAndDetail.startsWith("4.")
                            ? "Please try again later; if it fails again, tell the recipient in another way."
                            : null;
                });
    }
}
