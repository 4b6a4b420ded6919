/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.smtp;

import java.util.Optional;

/**
 * Why a connection is of no more use.
 *
 * @param stage what it was doing
 * @param detail one printable line
 * @param reply the reply that ended it, if one did
 */
record Failure(Stage stage, String detail, Optional<Reply> reply) {

    Failure {
        detail = Printable.line(detail);
    }

    static Failure of(Stage stage, String detail) {
        return new Failure(stage, detail, Optional.empty());
    }

    static Failure of(Stage stage, Throwable cause) {
        return new Failure(stage, Printable.of(cause), Optional.empty());
    }

    /** The host answered, and not as we would have liked. */
    static Failure of(Stage stage, String what, Reply reply) {
        return new Failure(stage, what + ": " + reply, Optional.of(reply));
    }

    Failure at(Stage other) {
        return new Failure(other, detail, reply);
    }
}
