/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.delivery;

import java.io.IOException;
import java.io.InputStream;
import javax.mail.MessagingException;
import javax.mail.internet.MimeMessage;
import org.apache.james.server.core.MimeMessageInputStream;
import org.jamesoutgoing.smtp.MessageContent;

/**
 * A mail's message as James holds it: read from James's own source, never parsed or encoded anew. What must be known
 * before the first octet is sent is found by reading it through once.
 */
final class MailContent implements MessageContent {

    private static final int MAX_HEADER_LINE = 16;
    private static final byte[] RECEIVED = {'r', 'e', 'c', 'e', 'i', 'v', 'e', 'd', ':'};

    private final MimeMessage message;
    private final long size;
    private final boolean eightBit;
    private final int hops;

    private MailContent(MimeMessage message, long size, boolean eightBit, int hops) {
        this.message = message;
        this.size = size;
        this.eightBit = eightBit;
        this.hops = hops;
    }

    /** Reads the message through. Blocks. */
    static MailContent of(MimeMessage message) throws IOException {
        long size = 0;
        boolean eightBit = false;
        int hops = 0;
        byte[] start = new byte[MAX_HEADER_LINE];
        int column = 0;
        boolean inHeader = true;
        int previous = -1;
        byte[] buffer = new byte[16 * 1024];
        try (InputStream in = open(message)) {
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
        return new MailContent(message, size, eightBit, hops);
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
        return open(message);
    }

    private static InputStream open(MimeMessage message) throws IOException {
        try {
            return new MimeMessageInputStream(message);
        } catch (MessagingException | RuntimeException e) {
            throw new IOException("message cannot be read: " + e.getMessage(), e);
        }
    }
}
