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
record ConnectionFailure(TransactionStage stage, String detail, Optional<Reply> reply) {

    ConnectionFailure {
        detail = PrintableText.line(detail);
    }

    static ConnectionFailure of(TransactionStage stage, String detail) {
        return new ConnectionFailure(stage, detail, Optional.empty());
    }

    static ConnectionFailure of(TransactionStage stage, Throwable cause) {
        return new ConnectionFailure(stage, PrintableText.of(cause), Optional.empty());
    }

    /** The host answered, and the answer ends the connection. */
    static ConnectionFailure of(TransactionStage stage, String what, Reply reply) {
        return new ConnectionFailure(stage, what + ": " + reply, Optional.of(reply));
    }

    ConnectionFailure at(TransactionStage other) {
        return new ConnectionFailure(other, detail, reply);
    }
}
