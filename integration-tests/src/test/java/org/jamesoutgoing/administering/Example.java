/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A request and its answer, as the webadmin reference shows them:
 *
 * <pre>
 * PUT /outgoing/routes/example.com
 * If-Match: "1"
 *
 * {"port": 26}
 *
 * → 204
 * ETag: "2"
 * </pre>
 *
 * Where the answer says {@code …}, anything may stand: in place of a header's value or of a JSON value; as a member
 * {@code "…": "…"} of an object or the last element of an array, for more of them; in an answer that is no JSON, in place
 * of any text. Everything else has to be the same.
 */
record Example(
        int line,
        String method,
        String path,
        List<String> headers,
        String body,
        int status,
        Map<String, String> answerHeaders,
        String answerBody) {

    private static final String ANYTHING = "…";
    private static final Pattern BLOCK = Pattern.compile("(?m)^```http\\n(.*?)^```$", Pattern.DOTALL);
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** All examples of a Markdown text in their order: its code blocks of the language {@code http}. */
    static List<Example> in(String markdown) {
        List<Example> examples = new ArrayList<>();
        Matcher block = BLOCK.matcher(markdown);
        while (block.find()) {
            int line = (int) markdown.substring(0, block.start()).lines().count() + 1;
            examples.add(read(line, block.group(1)));
        }
        return examples;
    }

    private static Example read(int line, String text) {
        String[] halves = text.split("(?m)^→ ", -1);
        assertThat(halves)
                .as("reference, line %s: one request, one answer", line)
                .hasSize(2);
        List<String> request = head(halves[0]);
        List<String> answer = head(halves[1]);
        String[] first = request.get(0).split(" ", -1);
        List<String> headers = new ArrayList<>();
        headers(request).forEach((name, value) -> headers.addAll(List.of(name, value)));
        return new Example(
                line,
                first[0],
                first[1],
                headers,
                rest(halves[0]),
                Integer.parseInt(answer.get(0)),
                headers(answer),
                rest(halves[1]));
    }

    private static List<String> head(String half) {
        return Arrays.stream(half.split("\n\n", 2)[0].split("\n", -1))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private static Map<String, String> headers(List<String> head) {
        Map<String, String> headers = new LinkedHashMap<>();
        head.stream().skip(1).forEach(line -> {
            String[] parts = line.split(": ", 2);
            headers.put(parts[0], parts[1]);
        });
        return headers;
    }

    private static String rest(String half) {
        String[] parts = half.split("\n\n", 2);
        return parts.length < 2 ? "" : parts[1].trim();
    }

    String pathWithoutQuery() {
        return path.split("\\?", 2)[0];
    }

    /** Sends the request and compares. */
    void run(Webadmin webadmin) throws Exception {
        Webadmin.Answer answer = webadmin.send(method, path, body, headers.toArray(String[]::new));
        String where = "reference, line " + line + ", " + method + " " + path + ": " + answer.body();
        assertThat(answer.status()).as(where).isEqualTo(status);
        answerHeaders.forEach((name, value) -> {
            assertThat(name).as(where).isEqualTo("ETag");
            if (!value.equals(ANYTHING)) {
                assertThat(answer.etag()).as(where).isEqualTo(value);
            }
        });
        if (answerBody.isEmpty()) {
            assertThat(answer.body()).as(where).isEmpty();
        } else if (!answerBody.startsWith("{") && !answerBody.startsWith("[")) {
            compareTexts(where, answerBody, answer.body());
        } else {
            compare(where, MAPPER.readTree(answerBody), answer.json());
        }
    }

    private static void compareTexts(String where, String wanted, String found) {
        String pattern =
                Arrays.stream(wanted.split(ANYTHING, -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        assertThat(found.replace("\r\n", "\n").strip()).as(where).matches(Pattern.compile(pattern, Pattern.DOTALL));
    }

    private static void compare(String where, JsonNode wanted, JsonNode found) {
        if (wanted.isTextual() && wanted.asText().equals(ANYTHING)) {
            return;
        }
        if (wanted.isObject()) {
            compareObjects(where, wanted, found);
        } else if (wanted.isArray()) {
            compareArrays(where, wanted, found);
        } else {
            assertThat(found).as(where).isEqualTo(wanted);
        }
    }

    private static void compareObjects(String where, JsonNode wanted, JsonNode found) {
        assertThat(found.isObject()).as(where).isTrue();
        for (Iterator<String> names = wanted.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!name.equals(ANYTHING)) {
                assertThat(found.has(name)).as("%s: %s", where, name).isTrue();
                compare(where + " /" + name, wanted.get(name), found.get(name));
            }
        }
        if (!wanted.has(ANYTHING)) {
            assertThat(found.size()).as(where).isEqualTo(wanted.size());
        }
    }

    private static void compareArrays(String where, JsonNode wanted, JsonNode found) {
        assertThat(found.isArray()).as(where).isTrue();
        boolean more =
                !wanted.isEmpty() && wanted.get(wanted.size() - 1).asText().equals(ANYTHING);
        int size = wanted.size() - (more ? 1 : 0);
        if (more) {
            assertThat(found.size()).as(where).isGreaterThanOrEqualTo(size);
        } else {
            assertThat(found.size()).as(where).isEqualTo(size);
        }
        for (int i = 0; i < size; i++) {
            compare(where + " /" + i, wanted.get(i), found.get(i));
        }
    }
}
