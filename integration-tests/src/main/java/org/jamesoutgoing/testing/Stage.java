/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

/** Where in an SMTP session a {@link ReceivingServer} answers. */
public enum Stage {
    /** The connection is there; the argument is the client's address. */
    GREETING("220 receiver.test ESMTP"),
    /** {@code EHLO} and {@code HELO}. */
    EHLO("250"),
    STARTTLS("220 go ahead"),
    AUTH("235 2.7.0 welcome"),
    MAIL("250 2.1.0 sender ok"),
    RCPT("250 2.1.5 recipient ok"),
    DATA("354 go ahead"),
    /** The whole message is there: after the final dot or {@code BDAT … LAST}; the argument is the sender and
     * the accepted recipients, separated by spaces. */
    MESSAGE("250 2.0.0 taken"),
    RSET("250 2.0.0 reset"),
    NOOP("250 2.0.0 ok"),
    QUIT("221 2.0.0 bye"),
    OTHER("500 5.5.1 unknown command");

    private final String usualReply;

    Stage(String usualReply) {
        this.usualReply = usualReply;
    }

    String usualReply() {
        return usualReply;
    }
}
