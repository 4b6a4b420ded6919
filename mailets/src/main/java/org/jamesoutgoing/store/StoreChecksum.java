/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The octets around a store's content, which seal it with a checksum. Every one of them is prescribed, so there is no octet
 * that could be cut off, added or changed unnoticed.
 *
 * <pre>{@code
 * {"format":1,
 * "sha256":"3a7b…",
 * "content":
 * …
 * }
 * }</pre>
 */
final class StoreChecksum {

    /** How many octets stand before the content: they tell two contents apart. */
    static final int HEAD = head("0".repeat(64)).length;

    private static final String FORMAT = "{\"format\":";
    private static final byte[] TAIL = "\n}\n".getBytes(StandardCharsets.US_ASCII);

    private StoreChecksum() {}

    static byte[] around(byte[] content) {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream(HEAD + content.length + TAIL.length);
        sealed.writeBytes(head(HexFormat.of().formatHex(sha256(content))));
        sealed.writeBytes(content);
        sealed.writeBytes(TAIL);
        return sealed.toByteArray();
    }

    private static byte[] head(String checksum) {
        return (FORMAT + "1,\n\"sha256\":\"" + checksum + "\",\n\"content\":\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The content of sealed octets. */
    static byte[] open(byte[] octets) throws BadContentException {
        if (octets.length < HEAD + TAIL.length) {
            throw new BadContentException("it is damaged: only " + octets.length + " bytes are left");
        }
        byte[] content = Arrays.copyOfRange(octets, HEAD, octets.length - TAIL.length);
        if (!Arrays.equals(octets, around(content))) {
            String start = new String(octets, 0, HEAD, StandardCharsets.ISO_8859_1);
            throw new BadContentException(
                    start.startsWith(FORMAT) && !start.startsWith(FORMAT + "1,")
                            ? "it is damaged, or written by a newer version"
                            : "it is damaged: its checksum is wrong");
        }
        return content;
    }

    private static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
