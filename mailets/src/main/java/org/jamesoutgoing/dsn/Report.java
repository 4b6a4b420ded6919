/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.time.ZoneId;
import java.util.List;

/** The octets of a {@code multipart/report} (RFC 6522 §3), written here, not by JavaMail: they are exactly ours. */
final class Report {
    private static final byte[] CRLF = {'\r', '\n'};

    private Report() {}

    /**
     * @param header the fields of the message itself; those of MIME are added
     * @param id of letters and digits, for the boundary
     */
    static byte[] assemble(Fields header, String id, List<Part> parts, ZoneId zone) {
        String boundary = boundary(id, parts);
        boolean eightBit = parts.stream().anyMatch(part -> part.encoding().equals(Part.EIGHT_BIT));
        header.add("MIME-Version", "1.0")
                .add("Content-Type", "multipart/report; report-type=delivery-status; boundary=\"" + boundary + "\"")
                // RFC 2045 §6.4: a multipart is labelled like the widest of its parts.
                .add("Content-Transfer-Encoding", eightBit ? Part.EIGHT_BIT : Part.SEVEN_BIT)
                .emptyLine();

        ByteArrayOutputStream message = new ByteArrayOutputStream(
                4096 + parts.stream().mapToInt(part -> part.body().length).sum());
        message.writeBytes(header.bytes());
        message.writeBytes(ascii("This is a delivery status notification in MIME format (RFC 3464).\r\n"));
        for (Part part : parts) {
            message.writeBytes(ascii("\r\n--" + boundary + "\r\n"));
            message.writeBytes(new Fields(zone)
                    .add("Content-Type", part.contentType())
                    .add("Content-Description", part.description())
                    .add("Content-Transfer-Encoding", part.encoding())
                    .emptyLine()
                    .bytes());
            message.writeBytes(part.body());
        }
        message.writeBytes(ascii("\r\n--" + boundary + "--"));
        message.writeBytes(CRLF);
        return message.toByteArray();
    }

    /** RFC 2046 §5.1.1: must not occur in any part; a hostile original may try. */
    private static String boundary(String id, List<Part> parts) {
        String boundary = "=_" + id;
        for (int i = 1; occurs(boundary, parts); i++) {
            boundary = "=_" + i + "_" + id;
        }
        return boundary;
    }

    private static boolean occurs(String boundary, List<Part> parts) {
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
