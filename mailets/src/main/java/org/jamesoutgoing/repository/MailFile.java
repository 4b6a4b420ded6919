/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.repository;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.mail.MessagingException;
import org.apache.james.server.core.MimeMessageSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;

/**
 * The file of one mail: a mark, the length of the envelope, the envelope (James's {@code Mail}, serialised as James's own
 * file repository does), the message, and the mark again, which only a whole file ends with. The message is read from
 * the file when it is needed, never held in memory.
 */
final class MailFile {

    /** "JOM1": its last character is the format. */
    private static final int MARK = 0x4a4f4d31;

    private static final int MARK_OCTETS = 4;
    private static final int HEADER_OCTETS = MARK_OCTETS + 4;

    private MailFile() {}

    static void write(Mail mail, InputStream message, DataOutputStream out) throws IOException {
        ByteArrayOutputStream envelope = new ByteArrayOutputStream();
        try (ObjectOutputStream objects = new ObjectOutputStream(envelope)) {
            objects.writeObject(mail);
        }
        out.writeInt(MARK);
        out.writeInt(envelope.size());
        envelope.writeTo(out);
        message.transferTo(out);
        out.writeInt(MARK);
    }

    /** @throws IOException when the file is not whole, or not one of these */
    static Mail read(Path file, DataInputStream in) throws IOException, ClassNotFoundException, MessagingException {
        long size = Files.size(file);
        int mark = size < HEADER_OCTETS + MARK_OCTETS ? 0 : in.readInt();
        if (mark != MARK) {
            throw new IOException(file.getFileName()
                    + (mark >>> Byte.SIZE == MARK >>> Byte.SIZE && mark > MARK
                            ? " is damaged, or written by a newer version: its format is " + (char) (mark & 0xff)
                                    + ", and this version knows " + (char) (MARK & 0xff)
                            : " is not a stored mail"));
        }
        int envelopeOctets = in.readInt();
        long messageOctets = size - HEADER_OCTETS - envelopeOctets - MARK_OCTETS;
        if (envelopeOctets < 0 || messageOctets < 0 || !endsWithMark(file, size)) {
            throw new EOFException(file.getFileName() + " is not whole");
        }
        byte[] envelope = in.readNBytes(envelopeOctets);
        Mail mail;
        try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(envelope))) {
            mail = (Mail) objects.readObject();
        }
        mail.setMessage(
                new MimeMessageWrapper(new Message(file, HEADER_OCTETS + (long) envelopeOctets, messageOctets)));
        return mail;
    }

    private static boolean endsWithMark(Path file, long size) throws IOException {
        try (DataInputStream end = new DataInputStream(Files.newInputStream(file))) {
            end.skipNBytes(size - MARK_OCTETS);
            return end.readInt() == MARK;
        }
    }

    private record Message(Path file, long start, long octets) implements MimeMessageSource {
        @Override
        public String getSourceId() {
            return file.toString();
        }

        @Override
        public InputStream getInputStream() throws IOException {
            InputStream in = Files.newInputStream(file);
            in.skipNBytes(start);
            return new Bounded(in, octets);
        }

        @Override
        public long getMessageSize() {
            return octets;
        }
    }

    /** The message, without the mark behind it. */
    private static final class Bounded extends InputStream {
        private final InputStream in;
        private long left;

        Bounded(InputStream in, long left) {
            this.in = in;
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(into, offset, (int) Math.min(length, left));
            if (read < 0) {
                throw new EOFException("the stored message was cut while it was read");
            }
            left -= read;
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
