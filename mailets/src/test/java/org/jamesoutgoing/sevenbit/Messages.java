/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Messages to convert. */
final class Messages {

    private Messages() {}

    /** UTF-8, with CRLF for each line end. */
    static byte[] utf8(String text) {
        return text.replace("\n", "\r\n").getBytes(UTF_8);
    }

    /** One octet for each character, as they are. */
    static byte[] octets(String text) {
        return text.getBytes(ISO_8859_1);
    }

    /** One character for each octet. */
    static String text(byte[] octets) {
        return new String(octets, ISO_8859_1);
    }

    static byte[] convert(byte[] message) throws NotConvertibleException {
        try (InputStream in = converted(message).open()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SevenBitMessage converted(byte[] message) throws NotConvertibleException {
        try {
            return SevenBitMessage.of(() -> new ByteArrayInputStream(message));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The converted form of a message in UTF-8, with LF for each line end. */
    static String convert(String message) throws NotConvertibleException {
        return text(convert(utf8(message))).replace("\r\n", "\n");
    }
}
