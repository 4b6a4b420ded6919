/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;

/**
 * A JSON object whose values are texts, numbers, {@code true}, {@code false}, {@code null} or arrays of the first four; all
 * become texts, an array a text with commas. Read token by token: nothing is nested, so nothing can be nested too deeply.
 */
final class RequestBody {

    /** A list of some 30,000 valid recipients is as much as anybody needs here. */
    static final int MAX_OCTETS = 1 << 20;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    private static final String ALLOWED = "allowed: a text, a number, true, false, or an array of these";

    private RequestBody() {}

    /** All fields in their order; a {@code null} is empty. */
    static Map<String, Optional<String>> read(Request request) throws BadRequestException {
        return read(octets(request));
    }

    /** A body that is no JSON but a text in UTF-8; empty when there is none. */
    static String text(Request request) throws BadRequestException {
        return text(octets(request));
    }

    static String text(byte[] octets) throws BadRequestException {
        refuseTooLarge(octets);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadRequestException("the body is not UTF-8; allowed: the text of a template in UTF-8");
        }
    }

    private static byte[] octets(Request request) {
        byte[] octets = request.bodyAsBytes();
        return octets == null ? new byte[0] : octets;
    }

    private static void refuseTooLarge(byte[] octets) throws BadRequestException {
        if (octets.length > MAX_OCTETS) {
            throw new BadRequestException(
                    "the body has " + octets.length + " octets; allowed: " + MAX_OCTETS + " at most");
        }
    }

    /**
     * Fields that have to be there or may be there.
     *
     * @throws BadRequestException naming a field that is missing, {@code null}, or none of these
     */
    static Map<String, String> read(Request request, Collection<String> required, Collection<String> optional)
            throws BadRequestException {
        Map<String, Optional<String>> fields = read(request);
        List<String> known = new ArrayList<>(required);
        known.addAll(optional);
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, Optional<String>> field : fields.entrySet()) {
            if (!known.contains(field.getKey())) {
                throw new BadRequestException("'" + oneLine(field.getKey()) + "' is no field of this request; allowed: "
                        + String.join(", ", known));
            }
            field.getValue().ifPresent(text -> texts.put(field.getKey(), text));
        }
        for (String name : required) {
            if (texts.getOrDefault(name, "").isBlank()) {
                throw new BadRequestException("'" + name + "' is missing; allowed: {\"" + name + "\": \"…\"}");
            }
        }
        return texts;
    }

    static Map<String, Optional<String>> read(byte[] octets) throws BadRequestException {
        refuseTooLarge(octets);
        try (JsonParser parser = JSON.createParser(octets)) {
            return object(parser);
        } catch (JsonProcessingException e) {
            throw new BadRequestException("the body is no JSON at line "
                    + (e.getLocation() == null ? 1 : e.getLocation().getLineNr()) + ", column "
                    + (e.getLocation() == null ? 1 : e.getLocation().getColumnNr())
                    + "; allowed: a JSON object in UTF-8");
        } catch (IOException e) {
            throw new BadRequestException("the body is not UTF-8; allowed: a JSON object in UTF-8");
        }
    }

    private static Map<String, Optional<String>> object(JsonParser parser) throws IOException, BadRequestException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw new BadRequestException("the body is no JSON object; allowed: {\"name\": \"value\", …}");
        }
        Map<String, Optional<String>> fields = new LinkedHashMap<>();
        String name;
        while ((name = parser.nextFieldName()) != null) {
            fields.put(name, value(parser, name));
        }
        if (parser.nextToken() != null) {
            throw new BadRequestException("the body goes on after its JSON object; allowed: one object");
        }
        return fields;
    }

    private static Optional<String> value(JsonParser parser, String name) throws IOException, BadRequestException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        if (token != JsonToken.START_ARRAY) {
            return Optional.of(scalar(parser, name));
        }
        List<String> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(scalar(parser, name));
        }
        return Optional.of(String.join(", ", elements));
    }

    private static String scalar(JsonParser parser, String name) throws IOException, BadRequestException {
        JsonToken token = parser.currentToken();
        if (token == null || !token.isScalarValue() || token == JsonToken.VALUE_NULL) {
            throw new BadRequestException("'" + oneLine(name) + "' has a value of a wrong type; " + ALLOWED);
        }
        return parser.getText();
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ");
    }
}
