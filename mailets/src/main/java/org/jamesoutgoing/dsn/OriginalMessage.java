/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import javax.mail.MessagingException;
import javax.mail.internet.InternetHeaders;
import javax.mail.internet.MimeMessage;
import javax.mail.internet.MimeUtility;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;
import org.jamesoutgoing.dsn.template.Language;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can be read of the original. It may be absent, unreadable, endless or no message at all: whatever is wrong with
 * it, the answer is "less of it", never an exception.
 */
final class OriginalMessage {
    private static final Logger LOGGER = LoggerFactory.getLogger(OriginalMessage.class);

    /** Decoding costs time, and nobody reads further. */
    private static final int LONGEST_HEADER = 4_000;

    private static final Pattern MESSAGE_ID = Pattern.compile("<[!-;=?-~]{1,240}>");

    /** In octets, and more than any message has; what lies beyond is a mistake. */
    private static final long LARGEST = 1L << 40;

    private final byte[] octets;
    private final boolean complete;
    private final OptionalLong size;
    private final int headerEnd;
    private final InternetHeaders headers;

    private OriginalMessage(
            byte[] octets, boolean complete, OptionalLong size, int headerEnd, InternetHeaders headers) {
        this.octets = octets;
        this.complete = complete;
        this.size = size;
        this.headerEnd = headerEnd;
        this.headers = headers;
    }

    /** Reads at most {@code limit} octets of the message. */
    static OriginalMessage read(Mail mail, int limit) {
        Bounded sink = new Bounded(limit);
        try {
            MimeMessage message = mail.getMessage();
            if (message != null) {
                copy(message, sink);
            }
        } catch (MessagingException | IOException | RuntimeException e) {
            if (!sink.incomplete) {
                LOGGER.warn("Mail {}: cannot be read, its DSN returns less of it: {}", mail.getName(), e.toString());
                sink.incomplete = true;
            }
        }
        byte[] octets = BodyEncoding.canonical(sink.octets.toByteArray());
        OptionalLong size = sink.incomplete ? sizeOf(mail) : OptionalLong.of(octets.length);
        int headerEnd = headerEnd(octets);
        return new OriginalMessage(octets, !sink.incomplete, size, headerEnd, parse(Arrays.copyOf(octets, headerEnd)));
    }

    /** Without its octets, for keeping many: only its fields and its size are known. */
    OriginalMessage fieldsOnly() {
        return new OriginalMessage(new byte[0], false, size, 0, headers);
    }

    private static OptionalLong sizeOf(Mail mail) {
        try {
            long size = mail.getMessageSize();
            return size > 0 && size < LARGEST ? OptionalLong.of(size) : OptionalLong.empty();
        } catch (MessagingException | RuntimeException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * James's messages are read from their source: the octets as they came, and no {@code saveChanges()} behind the
     * mail's back, as {@code writeTo} does it. A message whose body was replaced has no other octets than those.
     */
    private static void copy(MimeMessage message, Bounded sink) throws IOException, MessagingException {
        if (message instanceof MimeMessageWrapper wrapper && !wrapper.isBodyModified()) {
            try (InputStream in = wrapper.getMessageInputStream()) {
                in.transferTo(sink);
            }
        } else {
            message.writeTo(sink);
        }
    }

    /** Whether nothing is missing, for being too long or unreadable. */
    boolean isComplete() {
        return complete;
    }

    /** Header and body, lines ended by CRLF. */
    byte[] octets() {
        return octets;
    }

    /** The header, whole lines of it, without the empty line after it. */
    byte[] header(int limit) {
        int end = Math.min(headerEnd, limit);
        boolean cut = end < headerEnd || (!complete && headerEnd == octets.length);
        return Arrays.copyOf(octets, cut ? lastLineEnd(end) : end);
    }

    private int lastLineEnd(int before) {
        int end = before;
        while (end > 0 && octets[end - 1] != '\n') {
            end--;
        }
        // One endless line: better a piece of it than nothing.
        return end > 0 ? end : before;
    }

    Optional<String> subject(int limit) {
        return text("Subject", limit);
    }

    /** As the sender wrote it: this is shown, not computed with. */
    Optional<String> date(int limit) {
        return text("Date", limit);
    }

    /** In which it says it is written (RFC 3282). */
    List<Language> languages() {
        return raw("Content-Language").map(Language::parseList).orElse(List.of());
    }

    /** In octets, if that can be told; 0 when there is no message. */
    OptionalLong size() {
        return size;
    }

    /** Only when it is one message id (RFC 5322 §3.6.4), as it goes into our own header. */
    Optional<String> messageId() {
        return raw("Message-ID")
                .map(String::trim)
                .filter(id -> MESSAGE_ID.matcher(id).matches());
    }

    private Optional<String> text(String name, int limit) {
        return raw(name).map(raw -> SafeLine.of(decode(eightBit(raw)), limit)).filter(text -> !text.isEmpty());
    }

    private Optional<String> raw(String name) {
        return Optional.ofNullable(headers.getHeader(name))
                .map(values -> values[0])
                .map(value -> value.length() > LONGEST_HEADER ? cut(value) : value);
    }

    /** Not within a character, should this be UTF-8. */
    private static String cut(String octets) {
        int end = LONGEST_HEADER;
        while (end > LONGEST_HEADER - 4 && (octets.charAt(end) & 0xC0) == 0x80) {
            end--;
        }
        return octets.substring(0, end);
    }

    /** JavaMail hands octets over as characters. Raw 8-bit headers are UTF-8 (RFC 6532) or some forgotten charset. */
    private static String eightBit(String raw) {
        byte[] octets = raw.getBytes(ISO_8859_1);
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
        } catch (CharacterCodingException notUtf8) {
            return raw;
        }
    }

    private static String decode(String raw) {
        try {
            return MimeUtility.decodeText(MimeUtility.unfold(raw));
        } catch (UnsupportedEncodingException | RuntimeException unknownCharset) {
            return raw;
        }
    }

    private static InternetHeaders parse(byte[] header) {
        try {
            return new InternetHeaders(new ByteArrayInputStream(header));
        } catch (MessagingException | RuntimeException e) {
            return new InternetHeaders();
        }
    }

    /** Where the empty line begins; the end when there is none. */
    private static int headerEnd(byte[] canonical) {
        int lineStart = 0;
        for (int i = 0; i < canonical.length; i++) {
            if (canonical[i] == '\n') {
                if (i - lineStart == 1) {
                    return lineStart;
                }
                lineStart = i + 1;
            }
        }
        return canonical.length;
    }

    /** Takes so many octets, then refuses: the only way to stop {@code writeTo}. */
    private static final class Bounded extends OutputStream {
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
        private final int limit;
        private boolean incomplete;

        Bounded(int limit) {
            this.limit = limit;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            int taken = Math.min(length, limit - octets.size());
            octets.write(source, offset, taken);
            if (taken < length) {
                incomplete = true;
                throw new IOException("More than " + limit + " octets");
            }
        }
    }
}
