/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

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
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jamesoutgoing.routing.RouteStore.Stored;

/**
 * What the route store's file looks like: JSON, whose {@code content} is sealed by a checksum over its octets. Around the
 * content every octet is prescribed, so there is no octet that could be cut off, added or changed unnoticed.
 *
 * <pre>{@code
 * {"format":1,
 * "sha256":"3a7b…",
 * "content":
 * {"revision":8,"routes":[{"domain":"sales.example.com","revision":7,"options":{"relayHosts":"mail.sales.example.com"}}]}
 * }
 * }</pre>
 */
final class StoreFormat {

    /** How many octets stand before the content: they tell two contents apart. */
    static final int HEAD = head("0".repeat(64)).length;

    private static final String FORMAT = "{\"format\":";
    private static final byte[] TAIL = "\n}\n".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * What is in the file.
     *
     * @param revision of the last change, 1 or more; 0: there has been none
     */
    record Content(long revision, Map<RouteName, Stored> routes) {
        static final Content NONE = new Content(0, Map.of());

        Content {
            routes = Map.copyOf(routes);
        }
    }

    /** The octets are no file of this format, or it holds what cannot be a route. Its message is part of a line. */
    static final class BadContentException extends Exception {
        private static final long serialVersionUID = 1;

        BadContentException(String message) {
            super(message);
        }
    }

    private StoreFormat() {}

    static byte[] write(Content content) {
        ObjectNode root = JSON.createObjectNode();
        root.put("revision", content.revision());
        ArrayNode routes = root.putArray("routes");
        // In order of their names, so that two files can be compared.
        Map<String, Stored> sorted = new TreeMap<>();
        content.routes().forEach((name, stored) -> sorted.put(name.text(), stored));
        sorted.forEach((name, stored) -> {
            ObjectNode route = routes.addObject().put("domain", name).put("revision", stored.revision());
            stored.values().texts().forEach(route.putObject("options")::put);
        });
        try {
            return seal(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] seal(byte[] content) {
        ByteArrayOutputStream sealed = new ByteArrayOutputStream(HEAD + content.length + TAIL.length);
        sealed.writeBytes(head(HexFormat.of().formatHex(sha256(content))));
        sealed.writeBytes(content);
        sealed.writeBytes(TAIL);
        return sealed.toByteArray();
    }

    private static byte[] head(String checksum) {
        return (FORMAT + "1,\n\"sha256\":\"" + checksum + "\",\n\"content\":\n").getBytes(StandardCharsets.US_ASCII);
    }

    static Content read(byte[] octets) throws BadContentException {
        if (octets.length < HEAD + TAIL.length) {
            throw new BadContentException("it is damaged: only " + octets.length + " bytes are left");
        }
        byte[] content = Arrays.copyOfRange(octets, HEAD, octets.length - TAIL.length);
        if (!Arrays.equals(octets, seal(content))) {
            String start = new String(octets, 0, HEAD, StandardCharsets.ISO_8859_1);
            throw new BadContentException(
                    start.startsWith(FORMAT) && !start.startsWith(FORMAT + "1,")
                            ? "it is damaged, or written by a newer version"
                            : "it is damaged: its checksum is wrong");
        }
        try {
            return content(JSON.readTree(content));
        } catch (IOException e) {
            throw new BadContentException("its content is no JSON");
        }
    }

    private static Content content(JsonNode root) throws BadContentException {
        requireFields(root, "revision", "routes");
        long revision = number(root);
        Map<RouteName, Stored> routes = new LinkedHashMap<>();
        for (JsonNode node : root.get("routes")) {
            requireFields(node, "domain", "revision", "options");
            String domain = node.get("domain").asText();
            Stored stored;
            RouteName name;
            try {
                name = RouteName.parse(domain);
                stored = new Stored(OptionValues.of(texts(node.get("options"))), number(node));
                StaticRoute.check(name, stored.values());
            } catch (OptionException e) {
                throw new BadContentException("route '" + domain + "': " + e.getMessage());
            }
            if (!name.text().equals(domain) || stored.revision() > revision || routes.put(name, stored) != null) {
                throw new BadContentException("route '" + domain + "' is not as this version writes it");
            }
        }
        return new Content(revision, routes);
    }

    private static Map<String, String> texts(JsonNode options) throws BadContentException {
        Map<String, String> texts = new LinkedHashMap<>();
        Iterator<Map.Entry<String, JsonNode>> fields = options.fields();
        while (fields.hasNext()) {
            Map.Entry<String, JsonNode> option = fields.next();
            if (!option.getValue().isTextual()) {
                throw new BadContentException("option '" + option.getKey() + "' is no text");
            }
            texts.put(option.getKey(), option.getValue().textValue());
        }
        return texts;
    }

    private static long number(JsonNode node) throws BadContentException {
        JsonNode revision = node.get("revision");
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

    private static byte[] sha256(byte[] octets) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
