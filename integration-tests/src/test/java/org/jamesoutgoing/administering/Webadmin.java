/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.administering;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jamesoutgoing.testing.Patience;

/** Calls the webadmin of a James on this host, and remembers every answer. */
final class Webadmin {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final List<String> answers = new CopyOnWriteArrayList<>();

    /** An answer. */
    record Answer(int status, String body, String etag) {

        JsonNode json() {
            try {
                return MAPPER.readTree(body);
            } catch (Exception e) {
                throw new AssertionError("no JSON: " + body, e);
            }
        }

        /** What stands at this JSON pointer, as text. */
        String at(String pointer) {
            return json().at(pointer).asText();
        }
    }

    Webadmin(int port) {
        this.port = port;
    }

    /** @param headers name, value, name, value … */
    Answer send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Patience.LIMIT)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
        String all = response.statusCode() + " " + response.headers().map() + " " + response.body();
        answers.add(all);
        return new Answer(
                response.statusCode(),
                response.body(),
                response.headers().firstValue("ETag").orElse(""));
    }

    Answer get(String path) throws Exception {
        return send("GET", path, "");
    }

    Answer put(String path, String body, String... headers) throws Exception {
        return send("PUT", path, body, headers);
    }

    Answer post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    /** What becomes of mail for this recipient. */
    Answer trace(String recipient) throws Exception {
        return post("/outgoing/routes/trace", "{\"recipient\": \"" + recipient + "\"}");
    }

    /** Every answer so far: status, headers and body. */
    List<String> answers() {
        return answers;
    }
}
