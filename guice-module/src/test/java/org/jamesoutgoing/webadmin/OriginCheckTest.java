/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.AbstractModule;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.james.utils.PropertiesProvider;
import org.apache.james.webadmin.WebAdminServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import spark.Service;
import spark.route.HttpMethod;
import spark.routematch.RouteMatch;

/**
 * What a browser sends for a web page that an administrator has open, on real connections: {@code Origin} (RFC 6454),
 * {@code Sec-Fetch-Site} (W3C Fetch Metadata), and the {@code Host} of a name that was led to this server (DNS rebinding).
 */
class OriginCheckTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param body of an answer that came whole */
    private record Answer(int status, String body) {

        static Answer parse(String text) {
            return new Answer(Integer.parseInt(text.split(" ", 3)[1]), text.substring(text.indexOf("\r\n\r\n") + 4));
        }
    }

    /** @param headers with {@code PORT} where the port of webadmin is meant; without a Host it is an address */
    private static Answer send(int port, String method, String path, String... headers) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n");
        if (List.of(headers).stream().noneMatch(header -> header.startsWith("Host:"))) {
            request.append("Host: 127.0.0.1:").append(port).append("\r\n");
        }
        for (String header : headers) {
            request.append(header.replace("PORT", Integer.toString(port))).append("\r\n");
        }
        String body = method.equals("GET") ? "" : "{}";
        request.append("Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.toString().getBytes(US_ASCII));
            return Answer.parse(new String(socket.getInputStream().readAllBytes(), US_ASCII));
        }
    }

    private static void assertRefused(String what, Answer answer) throws IOException {
        assertThat(answer.status()).as("%s: %s", what, answer.body()).isEqualTo(403);
        JsonNode problem = JSON.readTree(answer.body()
                .substring(answer.body().indexOf('{'), answer.body().lastIndexOf('}') + 1));
        assertThat(problem.get("statusCode").asInt()).isEqualTo(403);
        assertThat(problem.get("message").asText()).isEqualTo("Refused");
        assertThat(problem.get("details").asText()).contains("; allowed: ");
        assertThat(answer.body()).doesNotContain("Exception");
    }

    @Nested
    class OfAServer {

        private final RunningServices james = new RunningServices();

        @BeforeEach
        void start() throws Exception {
            james.start("outgoing", Map.of("ownNames", "mx.example", "heloName", "james.example"));
        }

        @AfterEach
        void stop() {
            james.close();
        }

        private List<RouteMatch> routes() throws Exception {
            Field field = WebAdminServer.class.getDeclaredField("service");
            field.setAccessible(true);
            return ((Service) field.get(james.server()))
                    .routes().stream()
                            .filter(route -> route.getMatchUri().startsWith("/outgoing"))
                            .filter(route -> route.getHttpMethod() != HttpMethod.before)
                            .toList();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Origin: https://shop.example",
                    "Origin: null",
                    "Origin: ",
                    "Origin: https://127.0.0.1", // another port is another origin
                    "Origin: http://localhost:PORT",
                    "Origin: http://james.example:PORT", // a name of ours, and not what was called
                    "Origin: http://shop.example@127.0.0.1:PORT",
                    "Origin: file://",
                    "Sec-Fetch-Site: cross-site",
                    "Sec-Fetch-Site: same-site", // another page of this machine, or of its domain
                    "Host: shop.example",
                    "Host: shop.example:PORT",
                    "Host: 127.0.0.1.shop.example:PORT",
                    "Host: localhost.shop.example:PORT",
                    "Host: ",
                    "Host: [shop.example]:PORT",
                })
        void everyPathIsClosedToAPageOfSomebodyElse(String header) throws Exception {
            assertThat(routes()).hasSizeGreaterThan(30);
            for (RouteMatch route : routes()) {
                String path = route.getMatchUri().replaceAll(":[a-z]+", "failure");
                assertRefused(
                        route.getHttpMethod() + " " + path + " " + header,
                        send(james.port(), route.getHttpMethod().name().toUpperCase(Locale.ROOT), path, header));
            }
        }

        @Test
        void aNameThatWasLedHereIsRefusedWhateverThePageSaysItIs() throws Exception {
            assertRefused(
                    "rebinding",
                    send(
                            james.port(),
                            "POST",
                            "/outgoing/queue?action=delete&all=true",
                            "Host: shop.example:PORT",
                            "Origin: http://shop.example:PORT",
                            "Sec-Fetch-Site: same-origin"));
        }

        /** A browser asks before it sends what is no plain form. */
        @Test
        void aPageIsNotToldThatItMay() throws Exception {
            assertRefused(
                    "preflight",
                    send(
                            james.port(),
                            "OPTIONS",
                            "/outgoing/routes/example.com",
                            "Origin: https://shop.example",
                            "Access-Control-Request-Method: PUT"));
        }

        @Test
        void whatIsRefusedIsNotDone() throws Exception {
            assertThat(james.send("PATCH", "/outgoing/limits", "{\"mails\": 7}").statusCode())
                    .isEqualTo(204);
            assertRefused("", send(james.port(), "DELETE", "/outgoing/limits", "Origin: https://shop.example"));
            assertThat(james.json("/outgoing/limits").at("/limits/mails").asInt())
                    .isEqualTo(7);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "Accept: */*", // as curl does
                    "Origin: http://127.0.0.1:PORT",
                    "Origin: https://127.0.0.1:PORT", // a proxy in front has taken TLS away
                    "Sec-Fetch-Site: same-origin",
                    "Sec-Fetch-Site: none", // typed by hand, or a bookmark
                    "Host: localhost",
                    "Host: LOCALHOST:PORT",
                    "Host: 192.0.2.1",
                    "Host: [::1]:PORT",
                    "Host: james.example:PORT",
                    "Host: MX.example.:PORT",
                })
        void theAdministratorHimselfIsAnswered(String header) throws Exception {
            Answer answer = send(james.port(), "GET", "/outgoing/limits", header);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        }
    }

    @Nested
    class OfTheList {

        private Webadmin webadmin(Map<String, String> properties) {
            return Webadmin.with(new AbstractModule() {
                @Override
                protected void configure() {
                    bind(PropertiesProvider.class).toInstance(Webadmin.properties(properties));
                }
            });
        }

        @Test
        void aNameOfItIsOneOfThisServerAndAPageOfItMayCome() throws Exception {
            try (Webadmin webadmin =
                    webadmin(Map.of("outgoing.hosts", "Admin.example, 192.0.2.7", "host", "inside.example"))) {
                for (String header : List.of(
                        "Host: admin.example:PORT",
                        "Host: inside.example",
                        "Origin: https://admin.example",
                        "Origin: http://admin.example:8080",
                        "Origin: https://192.0.2.7\r\nSec-Fetch-Site: cross-site",
                        "Host: 127.0.0.1:PORT\r\nOrigin: https://admin.example\r\nSec-Fetch-Site: same-site")) {
                    assertThat(send(webadmin.port(), "GET", "/outgoing/routes", header.split("\r\n", -1))
                                    .status())
                            .as(header)
                            .isEqualTo(200);
                }
                assertRefused(
                        "rebinding",
                        send(
                                webadmin.port(),
                                "GET",
                                "/outgoing/routes",
                                "Host: shop.example",
                                "Origin: https://admin.example"));
                // Where webadmin listens, others may, too: on another port, another program of another user.
                assertRefused(
                        "page of the host",
                        send(webadmin.port(), "GET", "/outgoing/routes", "Origin: http://inside.example:3000"));
                assertRefused(
                        "above", send(webadmin.port(), "GET", "/outgoing/routes", "Origin: https://x.admin.example"));
            }
        }

        @Test
        void aMistakeInItStopsTheStart() {
            assertThatThrownBy(() -> webadmin(Map.of("outgoing.hosts", "admin..example")))
                    .hasRootCauseMessage(
                            "webadmin.properties: 'outgoing.hosts' is 'admin..example'; allowed: host names"
                                    + " and IP addresses of this server, separated by commas, such as mx2.example.com, 192.0.2.7");
            assertThatThrownBy(() -> webadmin(Map.of("outgoing.host", "admin.example")))
                    .hasRootCauseMessage("webadmin.properties: unknown property 'outgoing.host'; did you mean"
                            + " 'outgoing.hosts'?");
        }
    }
}
