/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jamesoutgoing.dsn.template.Mailbox;
import org.jamesoutgoing.dsn.template.RenderedText;

/** The fields of the header that words decide: what is in them cannot become another field, nor another address. */
final class TemplateHeader {
    private static final int LONGEST_SUBJECT = 250;
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_MAILBOX = 64 * 1024;

    /** RFC 5322 §3.2.3: atoms and spaces, which need no quotes. */
    private static final Pattern ATOMS = Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*");

    private TemplateHeader() {}

    static String subject(RenderedText words) {
        String subject = SafeLine.of(words.subject(), LONGEST_SUBJECT);
        return EncodedWords.encode(subject.isEmpty() ? "Delivery status notification" : subject);
    }

    /** Empty when the template gives none, or what is no address. */
    static Optional<String> from(RenderedText words) {
        return words.from().flatMap(TemplateHeader::mailbox);
    }

    static Optional<String> replyTo(RenderedText words) {
        return words.replyTo().flatMap(TemplateHeader::mailbox);
    }

    private static Optional<String> mailbox(String filled) {
        return Mailbox.parse(SafeLine.of(filled, LONGEST_MAILBOX)).map(mailbox -> {
            String name = SafeLine.of(mailbox.name(), LONGEST_NAME);
            return name.isEmpty() ? mailbox.address() : phrase(name) + " <" + mailbox.address() + ">";
        });
    }

    private static String phrase(String name) {
        String encoded = EncodedWords.encode(name);
        boolean plain = encoded.equals(name);
        return !plain || ATOMS.matcher(name).matches() ? encoded : quoted(name);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
