/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.testing;

/** Messages to send. */
public final class TestMessage {

    private TestMessage() {}

    /** A plain text message; the body's lines end with CRLF. */
    public static String text(String from, String subject, String body) {
        return "From: <" + from + ">\r\nSubject: " + subject + "\r\n\r\n" + body;
    }
}
