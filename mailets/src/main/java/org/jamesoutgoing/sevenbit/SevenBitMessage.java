/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A message without octets above 127, in 7-bit transfer encodings (RFC 6152 §3, RFC 2045 §6). Decoded, it is the same message:
 *
 * <ul>
 *   <li>a part with octets above 127 becomes quoted-printable or base64; one without stays octet by octet;
 *   <li>a multipart or message is not encoded, but its parts are; it is labelled {@code 7bit};
 *   <li>header fields get encoded words (RFC 2047) and extended parameters (RFC 2231);
 *   <li>what is between the parts of a multipart, and is not shown to anybody, gets question marks.
 * </ul>
 *
 * <p>Made while it is read: about 100 KB of memory, however the message looks. Immutable, if its source is.
 */
public final class SevenBitMessage {

    /** Where a message comes from; opened once to plan, and once for each time the result is read. */
    public interface Source {
        InputStream open() throws IOException;
    }

    private final Source source;
    private final Plan plan = new Plan();

    private SevenBitMessage(Source source) {
        this.source = source;
    }

    /**
     * Reads the message through. Blocks.
     *
     * @throws NotConvertibleException when there is no 7-bit form of it, such as for an address with umlauts
     */
    public static SevenBitMessage of(Source source) throws IOException, NotConvertibleException {
        SevenBitMessage message = new SevenBitMessage(source);
        try (InputStream in = source.open()) {
            ByteArrayOutputStream passed = new ByteArrayOutputStream();
            MimeWalk walk = new MimeWalk(in, passed, message.plan, true);
            while (walk.step()) {
                passed.reset();
            }
        }
        return message;
    }

    /** The converted message, the same each time. */
    public InputStream open() throws IOException {
        return new Converting(source.open(), plan);
    }

    /** Whether there is a DKIM signature, which does not survive. */
    public boolean breaksDkim() {
        return plan.dkim;
    }

    /** Whether something within a multipart/signed is converted, so that its signature does not survive. */
    public boolean breaksSignedPart() {
        return plan.signed;
    }

    private static final class Converting extends InputStream {
        /** At least that much is converted at a time. */
        private static final int CHUNK = 4096;

        private final InputStream in;
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();
        private final MimeWalk walk;
        private ByteArrayInputStream converted = new ByteArrayInputStream(new byte[0]);

        Converting(InputStream in, Plan plan) {
            this.in = in;
            this.walk = new MimeWalk(in, out, plan, false);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int most) throws IOException {
            try {
                boolean more = converted.available() == 0;
                while (more && out.size() < CHUNK) {
                    more = walk.step();
                }
                if (out.size() > 0) {
                    converted = new ByteArrayInputStream(out.toByteArray());
                    out.reset();
                }
            } catch (NotConvertibleException e) {
                throw new IOException("the message has changed since it was read: " + e.getMessage(), e);
            }
            return converted.read(target, offset, most);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
