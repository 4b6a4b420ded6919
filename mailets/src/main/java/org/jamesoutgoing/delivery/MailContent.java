/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.MimeMessageInputStream;
import org.jamesoutgoing.sevenbit.NotConvertibleException;
import org.jamesoutgoing.sevenbit.SevenBitMessage;
import org.jamesoutgoing.smtp.MessageContent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mail's message as James holds it: read from James's own source, and parsed or encoded anew only for a host that takes
 * nothing but 7-bit. What must be known before the first octet is sent is found by reading it through once.
 */
final class MailContent implements MessageContent {

    private static final int MAX_HEADER_LINE = 16;
    private static final byte[] RECEIVED = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd', ':'};

    private static final Logger LOGGER = LoggerFactory.getLogger(MailContent.class);

    private final String mail;
    private final SevenBitMessage.Source source;
    private final long size;
    private final boolean eightBit;
    private final int hops;
    /** Null: nobody has asked for it yet. */
    private Optional<MessageContent> sevenBit;

    private MailContent(String mail, SevenBitMessage.Source source, long size, boolean eightBit, int hops) {
        this.mail = mail;
        this.source = source;
        this.size = size;
        this.eightBit = eightBit;
        this.hops = hops;
    }

    /**
     * Reads the message through. Blocks.
     *
     * @param mail its name, for the log
     */
    static MailContent of(String mail, MimeMessage message) throws IOException {
        return of(mail, () -> open(message));
    }

    private static MailContent of(String mail, SevenBitMessage.Source source) throws IOException {
        long size = 0;
        boolean eightBit = false;
        int hops = 0;
        byte[] start = new byte[MAX_HEADER_LINE];
        int column = 0;
        boolean inHeader = true;
        int previous = -1;
        byte[] buffer = new byte[16 * 1024];
        try (InputStream in = source.open()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    int octet = buffer[i] & 0xff;
                    // A line end counts as the two octets it is sent as, however it is written here.
                    if (octet == '\n') {
                        size += previous == '\r' ? 1 : 2;
                        if (inHeader) {
                            hops += isReceived(start, column) ? 1 : 0;
                            inHeader = column > 0;
                        }
                        column = 0;
                    } else {
                        size++;
                        eightBit |= octet > 127;
                        if (octet != '\r') {
                            if (inHeader && column < start.length) {
                                start[column] = (byte) octet;
                            }
                            column++;
                        }
                    }
                    previous = octet;
                }
            }
        }
        return new MailContent(mail, source, size, eightBit, hops);
    }

    private static boolean isReceived(byte[] start, int length) {
        if (length < RECEIVED.length) {
            return false;
        }
        for (int i = 0; i < RECEIVED.length; i++) {
            if (Character.toLowerCase(start[i]) != RECEIVED[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean eightBit() {
        return eightBit;
    }

    /** How many {@code Received} fields the message has (RFC 5321 §6.3). */
    int hops() {
        return hops;
    }

    @Override
    public InputStream open() throws IOException {
        return source.open();
    }

    @Override
    public Optional<MessageContent> asSevenBit() throws IOException {
        if (sevenBit == null) {
            sevenBit = convert();
        }
        return sevenBit;
    }

    private Optional<MessageContent> convert() throws IOException {
        try {
            SevenBitMessage converted = SevenBitMessage.of(source);
            MailContent content = of(mail, converted::open);
            if (content.eightBit) {
                throw new IllegalStateException("8-bit octets are left in the 7-bit form of mail " + mail);
            }
            tell(converted);
            return Optional.of(content);
        } catch (NotConvertibleException e) {
            LOGGER.info("mail={} cannot be converted to 7-bit: {}", mail, e.getMessage());
            return Optional.empty();
        }
    }

    private void tell(SevenBitMessage converted) {
        String signature = converted.breaksDkim() ? "DKIM" : "S/MIME or PGP";
        if (converted.breaksDkim() || converted.breaksSignedPart()) {
            LOGGER.info(
                    "mail={} is converted for a host without 8BITMIME; its {} signature does not survive (RFC 6152)",
                    mail,
                    converted.breaksDkim() && converted.breaksSignedPart() ? "DKIM and S/MIME or PGP" : signature);
        } else {
            LOGGER.debug("mail={} is converted for a host without 8BITMIME", mail);
        }
    }

    private static InputStream open(MimeMessage message) throws IOException {
        try {
            return new MimeMessageInputStream(message);
        } catch (MessagingException | RuntimeException e) {
            throw new IOException("message cannot be read: " + e.getMessage(), e);
        }
    }
}
