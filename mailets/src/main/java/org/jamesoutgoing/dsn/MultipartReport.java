/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** The octets of a {@code multipart/report} (RFC 6522 §3), written here, not by JavaMail: they are exactly ours. */
final class MultipartReport {
    private static final String PREAMBLE = "This is a delivery status notification in MIME format (RFC 3464).\r\n";

    private MultipartReport() {}

    /**
     * @param header the fields of the message itself; those of MIME are added
     * @param id of letters and digits, for the boundary
     */
    static byte[] assemble(HeaderFields header, String id, List<ReportPart> parts) {
        String boundary = Multipart.boundary(id, parts);
        boolean eightBit = parts.stream().anyMatch(part -> part.encoding().equals(ReportPart.EIGHT_BIT));
        header.add("MIME-Version", "1.0")
                .add("Content-Type", "multipart/report; report-type=delivery-status; boundary=\"" + boundary + "\"")
                // RFC 2045 §6.4: a multipart is labelled like the widest of its parts.
                .add("Content-Transfer-Encoding", eightBit ? ReportPart.EIGHT_BIT : ReportPart.SEVEN_BIT)
                .emptyLine();
        byte[] body = Multipart.body(PREAMBLE, boundary, parts);
        ByteArrayOutputStream message = new ByteArrayOutputStream(4096 + body.length);
        message.writeBytes(header.bytes());
        message.writeBytes(body);
        return message.toByteArray();
    }
}
