/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.time.ZoneOffset;
import java.util.List;

/** The octets of a multipart (RFC 2046 §5.1), written here, not by JavaMail: they are exactly ours. */
final class Multipart {
    private static final String PREAMBLE = "This is a delivery status notification in MIME format (RFC 3464).\r\n";

    private Multipart() {}

    /**
     * A whole {@code multipart/report} (RFC 6522 §3).
     *
     * @param header the fields of the message itself; those of MIME are added
     * @param id of letters and digits, for the boundary
     */
    static byte[] report(HeaderFields header, String id, List<ReportPart> parts) {
        String boundary = boundary(id, parts);
        boolean eightBit = parts.stream().anyMatch(part -> part.encoding().equals(ReportPart.EIGHT_BIT));
        header.add("MIME-Version", "1.0")
                .add("Content-Type", "multipart/report; report-type=delivery-status; boundary=\"" + boundary + "\"")
                // RFC 2045 §6.4: a multipart is labelled like the widest of its parts.
                .add("Content-Transfer-Encoding", eightBit ? ReportPart.EIGHT_BIT : ReportPart.SEVEN_BIT)
                .emptyLine();
        byte[] body = body(PREAMBLE, boundary, parts);
        ByteArrayOutputStream message = new ByteArrayOutputStream(4096 + body.length);
        message.writeBytes(header.bytes());
        message.writeBytes(body);
        return message.toByteArray();
    }

    /**
     * One that occurs in no part (RFC 2046 §5.1.1); a hostile original may try.
     *
     * @param id of letters, digits and underscores
     */
    static String boundary(String id, List<ReportPart> parts) {
        String boundary = "=_" + id;
        for (int i = 1; occurs(boundary, parts); i++) {
            boundary = "=_" + i + "_" + id;
        }
        return boundary;
    }

    /** @param preamble for readers that know no MIME; lines ended by CRLF, or empty */
    static byte[] body(String preamble, String boundary, List<ReportPart> parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream(
                4096 + parts.stream().mapToInt(part -> part.body().length).sum());
        body.writeBytes(ascii(preamble));
        for (ReportPart part : parts) {
            body.writeBytes(ascii("\r\n--" + boundary + "\r\n"));
            body.writeBytes(new HeaderFields(ZoneOffset.UTC)
                    .add("Content-Type", part.contentType())
                    .add("Content-Description", part.description())
                    .add("Content-Transfer-Encoding", part.encoding())
                    .emptyLine()
                    .bytes());
            body.writeBytes(part.body());
        }
        body.writeBytes(ascii("\r\n--" + boundary + "--\r\n"));
        return body.toByteArray();
    }

    private static boolean occurs(String boundary, List<ReportPart> parts) {
        byte[] delimiter = ascii("--" + boundary);
        return parts.stream().anyMatch(part -> contains(part.body(), delimiter));
    }

    private static boolean contains(byte[] body, byte[] sought) {
        for (int i = 0; i <= body.length - sought.length; i++) {
            int same = 0;
            while (same < sought.length && body[i + same] == sought[same]) {
                same++;
            }
            if (same == sought.length) {
                return true;
            }
        }
        return false;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }
}
