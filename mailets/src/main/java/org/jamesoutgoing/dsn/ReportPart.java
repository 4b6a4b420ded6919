/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import javax.mail.MessagingException;
import javax.mail.internet.MimeUtility;

/** One body part of the report, already in its transfer encoding. */
record ReportPart(String contentType, String description, String encoding, byte[] body) {
    static final String SEVEN_BIT = "7bit";
    static final String EIGHT_BIT = "8bit";

    /** Words for people. */
    static ReportPart text(String text, String description) {
        return words("text/plain", text, description);
    }

    /** The same words twice: the reader takes the last one that it understands (RFC 2046 §5.1.4). */
    static ReportPart alternative(String text, String html, String description, String id) {
        List<ReportPart> parts = List.of(text(text, description), words("text/html", html, description));
        String boundary = Multipart.boundary("alternative_" + id, parts);
        return new ReportPart(
                "multipart/alternative; boundary=\"" + boundary + "\"",
                description,
                SEVEN_BIT,
                Multipart.body("", boundary, parts));
    }

    private static ReportPart words(String type, String text, String description) {
        byte[] body = BodyEncoding.canonical(text.getBytes(UTF_8));
        boolean ascii = BodyEncoding.of(body) == BodyEncoding.SEVEN_BIT;
        return encodable(type + "; charset=" + (ascii ? "us-ascii" : "utf-8"), description, body);
    }

    /** A {@code text} type: what does not fit into 7bit is encoded, so that it arrives everywhere. */
    static ReportPart encodable(String contentType, String description, byte[] body) {
        return BodyEncoding.of(body) == BodyEncoding.SEVEN_BIT
                ? new ReportPart(contentType, description, SEVEN_BIT, body)
                : new ReportPart(contentType, description, "quoted-printable", quotedPrintable(body));
    }

    /** A {@code message} type, which may be labelled but not encoded (RFC 2046 §5.2.1). */
    static ReportPart verbatim(String contentType, String description, byte[] body) {
        return switch (BodyEncoding.of(body)) {
            case SEVEN_BIT -> new ReportPart(contentType, description, SEVEN_BIT, body);
            case EIGHT_BIT -> new ReportPart(contentType, description, EIGHT_BIT, body);
            case BINARY -> throw new IllegalArgumentException(contentType + " cannot carry binary");
        };
    }

    private static byte[] quotedPrintable(byte[] body) {
        ByteArrayOutputStream encoded = new ByteArrayOutputStream(body.length * 5 / 4);
        try (OutputStream encoder = MimeUtility.encode(encoded, "quoted-printable")) {
            encoder.write(body);
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        } catch (MessagingException unknownEncoding) {
            throw new IllegalStateException(unknownEncoding);
        }
        return encoded.toByteArray();
    }
}
