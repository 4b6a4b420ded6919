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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a store's file looks like: JSON within a {@link StoreChecksum}, whose names for things are the codec's.
 *
 * <pre>{@code
 * {"revision":8,"routes":[{"domain":"sales.example.com","revision":7,"options":{"relayHosts":"mail.sales.example.com"}}]}
 * }</pre>
 */
final class StoreFormat<K, V> {

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

        static <K, V> Content<K, V> none() {
            return new Content<>(0, Map.of());
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
            return StoreChecksum.around(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Content<K, V> read(byte[] octets) throws BadContentException {
        byte[] content = StoreChecksum.open(octets);
        JsonNode root;
        try {
            root = JSON.readTree(content);
        } catch (IOException e) {
            throw new BadContentException("its content is no JSON");
        }
        requireFields(root, REVISION, words.many());
        long revision = revision(root);
        Map<K, VersionedValue<V>> values = new LinkedHashMap<>();
        for (JsonNode node : root.get(words.many())) {
            requireFields(node, words.name(), REVISION, words.value());
            readOne(node, revision, values);
        }
        return new Content<>(revision, values);
    }

    private void readOne(JsonNode node, long highest, Map<K, VersionedValue<V>> values) throws BadContentException {
        String text = node.get(words.name()).asText();
        K name;
        VersionedValue<V> stored;
        try {
            name = codec.nameFromText(text);
            stored = new VersionedValue<>(codec.valueFromJson(name, node.get(words.value())), revision(node));
        } catch (IllegalArgumentException e) {
            throw new BadContentException(words.one() + " '" + text + "': " + e.getMessage());
        }
        if (!codec.nameToText(name).equals(text) || stored.revision() > highest || values.put(name, stored) != null) {
            throw new BadContentException(words.one() + " '" + text + "' is not as this version writes it");
        }
    }

    private static long revision(JsonNode node) throws BadContentException {
        JsonNode revision = node.get(REVISION);
        if (!revision.isIntegralNumber() || !revision.canConvertToLong() || revision.longValue() < 1) {
            throw new BadContentException("a revision is no number");
        }
        return revision.longValue();
    }

    private static void requireFields(JsonNode node, String... fields) throws BadContentException {
        Set<String> found = new TreeSet<>();
        node.fieldNames().forEachRemaining(found::add);
        if (!found.equals(Set.of(fields))) {
            throw new BadContentException(
                    "it has the fields " + found + " where this version knows " + new TreeSet<>(Set.of(fields)));
        }
    }
}
