/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.store;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a store's file looks like: JSON, whose names for things are the codec's, sealed with a checksum. Every octet around
 * the content is prescribed, so there is none that could be cut off, added or changed unnoticed.
 *
 * <pre>{@code
 * {"format":1,
 * "sha256":"3a7b…",
 * "content":
 * {"revision":8,"routes":[{"domain":"sales.example.com","revision":7,"options":{"relayHosts":"mail.sales.example.com"}}]}
 * }
 * }</pre>
 *
 * <p>What is no such file is refused with {@link IllegalArgumentException}, whose message is part of a line.
 */
final class StoreFormat<K, V> {

    /** What this version writes; it reads all from 1 to this. A file that an earlier version could misread needs a higher one. */
    private static final int NUMBER = 1;

    /** How many octets stand before the content: they tell two contents apart. */
    static final int HEAD = head(NUMBER, "0".repeat(64)).length;

    private static final byte[] TAIL = "\n}\n".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern START = Pattern.compile("\\{\"format\":([1-9][0-9]{0,8}),");
    private static final String REVISION = "revision";
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Codec<K, V> codec;
    private final Codec.Words words;

    /**
     * What is in the file.
     *
     * @param revision of the last change, 1 or more; 0: there has been none
     */
    record Content<K, V>(long revision, Map<K, VersionedValue<V>> values) {
        Content {
            values = Map.copyOf(values);
        }
    }

    StoreFormat(Codec<K, V> codec) {
        this.codec = codec;
        this.words = codec.words();
    }

    byte[] write(Content<K, V> content) {
        ObjectNode root = JSON.createObjectNode();
        root.put(REVISION, content.revision());
        ArrayNode values = root.putArray(words.many());
        // In order of their names, so that two files can be compared.
        Map<String, VersionedValue<V>> sorted = new TreeMap<>();
        content.values().forEach((name, stored) -> sorted.put(codec.nameToText(name), stored));
        sorted.forEach((name, stored) -> values.addObject()
                .put(words.name(), name)
                .put(REVISION, stored.revision())
                .set(words.value(), codec.valueToJson(stored.value())));
        try {
            return seal(NUMBER, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("UnusedException") // What the JSON parser says may quote a password.
    Content<K, V> read(byte[] octets) {
        JsonNode root;
        try {
            root = JSON.readTree(open(octets));
        } catch (IOException e) {
            throw new IllegalArgumentException("its content is no JSON");
        }
        requireFields(root, REVISION, words.many());
        long revision = revision(root);
        Map<K, VersionedValue<V>> values = new HashMap<>();
        for (JsonNode node : root.get(words.many())) {
            requireFields(node, words.name(), REVISION, words.value());
            readOne(node, revision, values);
        }
        return new Content<>(revision, values);
    }

    private void readOne(JsonNode node, long highest, Map<K, VersionedValue<V>> values) {
        String text = node.get(words.name()).asText();
        K name;
        VersionedValue<V> stored;
        try {
            name = codec.nameFromText(text);
            stored = new VersionedValue<>(codec.valueFromJson(name, node.get(words.value())), revision(node));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(words.one() + " '" + text + "': " + e.getMessage());
        }
        if (!codec.nameToText(name).equals(text) || stored.revision() > highest || values.put(name, stored) != null) {
            throw new IllegalArgumentException(words.one() + " '" + text + "' is not as this version writes it");
        }
    }

    private static long revision(JsonNode node) {
        JsonNode revision = node.get(REVISION);
        if (!revision.isIntegralNumber() || !revision.canConvertToLong() || revision.longValue() < 1) {
            throw new IllegalArgumentException("a revision is no number");
        }
        return revision.longValue();
    }

    private static void requireFields(JsonNode node, String... fields) {
        Set<String> found = new TreeSet<>();
        node.fieldNames().forEachRemaining(found::add);
        if (!found.equals(Set.of(fields))) {
            throw new IllegalArgumentException(
                    "it has the fields " + found + " where this version knows " + new TreeSet<>(Set.of(fields)));
        }
    }

    // ---- the seal

    static byte[] seal(int number, byte[] content) {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream(HEAD + content.length + TAIL.length);
        sealed.writeBytes(head(number, HexFormat.of().formatHex(sha256(content))));
        sealed.writeBytes(content);
        sealed.writeBytes(TAIL);
        return sealed.toByteArray();
    }

    private static byte[] head(int number, String checksum) {
        return ("{\"format\":" + number + ",\n\"sha256\":\"" + checksum + "\",\n\"content\":\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** The content of sealed octets. */
    private static byte[] open(byte[] octets) {
        // A number that is none is that of a damaged file: 1 lets its checksum be wrong.
        Matcher start =
                START.matcher(new String(octets, 0, Math.min(octets.length, HEAD), StandardCharsets.ISO_8859_1));
        int number = start.lookingAt() ? Integer.parseInt(start.group(1)) : NUMBER;
        if (number > NUMBER) {
            throw new IllegalArgumentException("it is damaged, or written by a newer version: its format is " + number
                    + ", and this version knows " + NUMBER);
        }
        if (octets.length < HEAD + TAIL.length) {
            throw new IllegalArgumentException("it is damaged: only " + octets.length + " bytes are left");
        }
        byte[] content = Arrays.copyOfRange(octets, HEAD, octets.length - TAIL.length);
        if (!Arrays.equals(octets, seal(number, content))) {
            throw new IllegalArgumentException("it is damaged: its checksum is wrong");
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
