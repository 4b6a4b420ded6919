/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivering;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeMultipart;
import org.jamesoutgoing.testing.JamesServer;

/**
 * A delivery status notification as a program reads it (RFC 3464). Field names are in lower case.
 *
 * @param mail the fields about the mail
 * @param recipients the fields about each recipient
 */
record Dsn(MimeMessage message, Map<String, String> mail, List<Map<String, String>> recipients) {

    /** The DSNs in this inbox that tell of this recipient. */
    static List<Dsn> about(String recipient, JamesServer james, String inbox) throws Exception {
        List<Dsn> found = new ArrayList<>();
        for (MimeMessage message : james.inbox(inbox)) {
            if (message.isMimeType("multipart/report")) {
                Dsn dsn = of(message);
                if (dsn.recipient(recipient).isPresent()) {
                    found.add(dsn);
                }
            }
        }
        return found;
    }

    static Dsn of(MimeMessage message) throws Exception {
        MimeMultipart report = (MimeMultipart) message.getContent();
        List<Map<String, String>> groups = new ArrayList<>();
        try (InputStream status = report.getBodyPart(1).getInputStream()) {
            String text = new String(status.readAllBytes(), StandardCharsets.ISO_8859_1);
            for (String group : text.strip().split("\r?\n\r?\n")) {
                groups.add(fields(group));
            }
        }
        return new Dsn(message, groups.get(0), List.copyOf(groups.subList(1, groups.size())));
    }

    Optional<Map<String, String>> recipient(String address) {
        return recipients.stream()
                .filter(fields -> fields.getOrDefault("final-recipient", "").equalsIgnoreCase("rfc822; " + address))
                .findFirst();
    }

    /** For all recipients, in order. */
    List<String> all(String field) {
        return recipients.stream().map(fields -> fields.getOrDefault(field, "")).toList();
    }

    private static Map<String, String> fields(String group) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line : group.replaceAll("\r?\n[ \t]+", " ").split("\r?\n")) {
            String[] field = line.split(":", 2);
            fields.put(field[0].trim().toLowerCase(Locale.ROOT), field.length > 1 ? field[1].trim() : "");
        }
        return fields;
    }
}
