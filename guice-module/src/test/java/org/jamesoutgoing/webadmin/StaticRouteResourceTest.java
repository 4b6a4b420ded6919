/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.RouteOption;
import org.jamesoutgoing.routing.RouteOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticRouteResourceTest {

    private static final String SALES = "/outgoing/routes/sales.example.com";

    private final MemoryStore<RouteName, OptionValues> store = new MemoryStore<>("route");
    private Webadmin webadmin;

    @BeforeEach
    void start() {
        webadmin = new Webadmin(
                store,
                Webadmin.inFile("file.example", "relayHosts", "relay.file.example"),
                Webadmin.inFile("*.file.example", "queueLifetime", "2d"));
    }

    @AfterEach
    void stop() {
        webadmin.close();
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String type, String... said)
            throws Exception {
        assertThat(answer.statusCode())
                .as("%s %s", answer.request().uri(), answer.body())
                .isEqualTo(status);
        JsonNode problem = Webadmin.json(answer);
        assertThat(problem.get("statusCode").asInt()).isEqualTo(status);
        assertThat(problem.get("type").asText()).isEqualTo(type);
        String text =
                problem.get("message").asText() + " " + problem.get("details").asText();
        for (String part : said) {
            assertThat(text).contains(part);
        }
        assertThat(answer.body()).doesNotContain("\tat ").doesNotContain("Exception");
    }

    @Nested
    class List {

        @Test
        void hasEveryRouteOnceWithItsOrigin() throws Exception {
            webadmin.put(SALES, "{\"queueLifetime\": \"10d\"}");
            webadmin.put("/outgoing/routes/file.example", "{\"suspended\": true}");

            JsonNode routes = Webadmin.json(webadmin.get("/outgoing/routes"));

            assertThat(routes.findValuesAsText("domain"))
                    .containsExactly("*.file.example", "file.example", "sales.example.com");
            assertThat(routes.findValuesAsText("origin")).containsExactly("file", "runtime", "runtime");
            assertThat(routes.get(0).has("revision")).isFalse();
            assertThat(routes.get(2).get("revision").isNumber()).isTrue();
        }

        @Test
        void comesInPages() throws Exception {
            assertThat(Webadmin.json(webadmin.get("/outgoing/routes?limit=1&offset=1"))
                            .findValuesAsText("domain"))
                    .containsExactly("file.example");
            assertThat(Webadmin.json(webadmin.get("/outgoing/routes?offset=9"))).isEmpty();
        }

        @Test
        void canBeOfOneOrigin() throws Exception {
            webadmin.put(SALES, "{}");
            assertThat(Webadmin.json(webadmin.get("/outgoing/routes?origin=file")))
                    .hasSize(2);
            assertThat(Webadmin.json(webadmin.get("/outgoing/routes?origin=runtime"))
                            .findValuesAsText("domain"))
                    .containsExactly("sales.example.com");
        }

        @ParameterizedTest
        @ValueSource(strings = {"limit=0", "limit=-1", "limit=x", "offset=-1", "offset=1.5", "origin=mailet"})
        void refusesParametersThatAreNotAllowed(String query) throws Exception {
            assertProblem(
                    webadmin.get("/outgoing/routes?" + query),
                    400,
                    "InvalidArgument",
                    query.substring(0, query.indexOf('=')));
        }
    }

    @Nested
    class Put {

        @Test
        void createsThenReplacesARoute() throws Exception {
            HttpResponse<String> created =
                    webadmin.put(SALES, "{\"relayHosts\": [\"a.test\", \"b.test:26\"], \"backup\": true}");
            assertThat(created.statusCode()).isEqualTo(201);
            HttpResponse<String> read = webadmin.get(SALES);
            assertThat(read.statusCode()).isEqualTo(200);
            assertThat(Webadmin.etag(read)).isEqualTo(Webadmin.etag(created)).matches("\"\\d+\"");
            JsonNode route = Webadmin.json(read);
            assertThat(route.get("domain").asText()).isEqualTo("sales.example.com");
            assertThat(route.get("origin").asText()).isEqualTo("runtime");
            assertThat(route.get("options").get("relayHosts").asText()).isEqualTo("a.test, b.test:26");
            assertThat(route.get("options").get("backup").asText()).isEqualTo("true");

            HttpResponse<String> replaced = webadmin.put(SALES, "{\"maxAttempts\": 7}");
            assertThat(replaced.statusCode()).isEqualTo(204);
            assertThat(Webadmin.etag(replaced)).isNotEqualTo(Webadmin.etag(created));
            JsonNode options = Webadmin.json(webadmin.get(SALES)).get("options");
            assertThat(options).hasSize(1);
            assertThat(options.get("maxAttempts").asText()).isEqualTo("7");
        }

        @ParameterizedTest
        @CsvSource({
            "SALES.Example.COM,sales.example.com",
            "sales.example.com.,sales.example.com",
            "*,*",
            "%2A,*",
            "*.example.com,*.example.com",
            "%2a.Example.com,*.example.com",
            "m%C3%BCnchen.example,xn--mnchen-3ya.example",
            "xn--mnchen-3ya.example,xn--mnchen-3ya.example"
        })
        void takesAnySpellingOfADomain(String spelling, String name) throws Exception {
            assertThat(webadmin.put("/outgoing/routes/" + spelling, "{\"suspended\": true}")
                            .statusCode())
                    .isEqualTo(201);
            HttpResponse<String> read = webadmin.get("/outgoing/routes/" + spelling);
            assertThat(Webadmin.json(read).get("domain").asText()).isEqualTo(name);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"a..b", "*.*.example.com", "**", "a%20b", "%5B192.0.2.1%5D", "192.0.2.1", "a%2Fb", "%00"})
        void refusesWhatIsNoDomain(String spelling) throws Exception {
            HttpResponse<String> answer = webadmin.put("/outgoing/routes/" + spelling, "{}");
            assertThat(answer.statusCode()).isEqualTo(400);
        }

        @Test
        void saysWhatMayBeADomain() throws Exception {
            assertProblem(
                    webadmin.put("/outgoing/routes/a..b", "{}"),
                    400,
                    "InvalidArgument",
                    "'domain' is 'a..b'",
                    "a domain, *.domain for all its subdomains, or * for everything");
        }

        @Test
        void refusesAnUnknownOptionWithTheNearestName() throws Exception {
            assertProblem(
                    webadmin.put(SALES, "{\"relayHost\": \"mail.example\"}"),
                    400,
                    "InvalidArgument",
                    "'relayHost'",
                    "did you mean 'relayHosts'?");
            assertThat(webadmin.get(SALES).statusCode()).isEqualTo(404);
        }

        /** Every option there is names itself, and what is allowed, when it is given and says nothing. */
        @Test
        void refusesABlankValueOfEachOption() throws Exception {
            for (RouteOption<?> option : RouteOptions.all()) {
                for (String blank : new String[] {"\"\"", "\" \"", "[]"}) {
                    HttpResponse<String> answer = webadmin.put(SALES, "{\"" + option.name() + "\": " + blank + "}");
                    assertThat(answer.statusCode()).as("%s: %s", option, blank).isEqualTo(400);
                    assertProblem(answer, 400, "InvalidArgument", "'" + option.name() + "'", "allowed: ");
                }
            }
            assertThat(webadmin.get(SALES).statusCode()).isEqualTo(404);
        }

        @Test
        void refusesNullAndSaysThatPatchTakesIt() throws Exception {
            assertProblem(webadmin.put(SALES, "{\"port\": null}"), 400, "InvalidArgument", "'port' is null", "PATCH");
        }

        @Test
        void refusesAnOptionThatThisRouteMayNotSet() throws Exception {
            assertProblem(
                    webadmin.put("/outgoing/routes/*.example.com", "{\"backup\": true}"),
                    400,
                    "InvalidArgument",
                    "'backup'",
                    "in the route of one domain only");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "x", "[]", "{\"a\": {}}", "{\"port\": 25, \"port\": 26}"})
        void refusesABodyThatIsNoJsonObjectOfTexts(String body) throws Exception {
            assertProblem(webadmin.put(SALES, body), 400, "InvalidArgument", "allowed: ");
        }

        @Test
        void refusesAHugeBody() throws Exception {
            assertProblem(
                    webadmin.put(SALES, "{\"heloName\": \"" + "a".repeat(2_000_000) + "\"}"),
                    400,
                    "InvalidArgument",
                    "allowed: 1048576 at most");
        }

        @Test
        void givesADomainOfTheFileARunTimeRouteInItsPlace() throws Exception {
            assertThat(webadmin.put("/outgoing/routes/file.example", "{\"suspended\": true}")
                            .statusCode())
                    .isEqualTo(201);
            JsonNode route = Webadmin.json(webadmin.get("/outgoing/routes/file.example"));
            assertThat(route.get("origin").asText()).isEqualTo("runtime");
            assertThat(webadmin.send("DELETE", "/outgoing/routes/file.example", "")
                            .statusCode())
                    .isEqualTo(204);
            route = Webadmin.json(webadmin.get("/outgoing/routes/file.example"));
            assertThat(route.get("origin").asText()).isEqualTo("file");
        }
    }

    @Nested
    class Conditions {

        @Test
        void ifNoneMatchCreatesOnly() throws Exception {
            assertThat(webadmin.put(SALES, "{}", "If-None-Match", "*").statusCode())
                    .isEqualTo(201);
            assertProblem(webadmin.put(SALES, "{}", "If-None-Match", "*"), 412, "WrongState", "changed meanwhile");
        }

        @Test
        void ifMatchReplacesTheRouteThatWasReadOnly() throws Exception {
            String first = Webadmin.etag(webadmin.put(SALES, "{\"port\": 25}"));
            HttpResponse<String> second = webadmin.put(SALES, "{\"port\": 26}", "If-Match", first);
            assertThat(second.statusCode()).isEqualTo(204);
            assertProblem(webadmin.put(SALES, "{\"port\": 27}", "If-Match", first), 412, "WrongState");
            assertThat(webadmin.put(SALES, "{}", "If-Match", "\"x\", " + Webadmin.etag(second))
                            .statusCode())
                    .isEqualTo(204);
        }

        @Test
        void ifMatchWithAStarReplacesWhateverThereIs() throws Exception {
            assertProblem(webadmin.put(SALES, "{}", "If-Match", "*"), 412, "WrongState");
            webadmin.put(SALES, "{}");
            assertThat(webadmin.put(SALES, "{\"port\": 26}", "If-Match", "*").statusCode())
                    .isEqualTo(204);
        }

        /** RFC 9110 §8.8.3.2. */
        @Test
        void aWeakTagNeverMatches() throws Exception {
            String tag = Webadmin.etag(webadmin.put(SALES, "{}"));
            assertProblem(webadmin.put(SALES, "{}", "If-Match", "W/" + tag), 412, "WrongState");
        }

        @Test
        void theyCountForPatchAndDeleteToo() throws Exception {
            String first = Webadmin.etag(webadmin.put(SALES, "{}"));
            String second = Webadmin.etag(webadmin.send("PATCH", SALES, "{\"port\": 26}", "If-Match", first));
            assertProblem(webadmin.send("PATCH", SALES, "{}", "If-Match", first), 412, "WrongState");
            assertProblem(webadmin.send("DELETE", SALES, "", "If-Match", first), 412, "WrongState");
            assertThat(webadmin.send("DELETE", SALES, "", "If-Match", second).statusCode())
                    .isEqualTo(204);
        }

        @ParameterizedTest
        @CsvSource({"If-Match,7", "If-Match,''", "If-Match,\"", "If-None-Match,\"7\"", "If-None-Match,x"})
        void aConditionThatCannotBeReadIsRefused(String header, String value) throws Exception {
            assertProblem(webadmin.put(SALES, "{}", header, value), 400, "InvalidArgument", header, "allowed: ");
        }

        @Test
        void aRouteOfTheFileHasNoTag() throws Exception {
            assertThat(Webadmin.etag(webadmin.get("/outgoing/routes/file.example")))
                    .isEmpty();
            assertProblem(webadmin.put("/outgoing/routes/file.example", "{}", "If-Match", "*"), 412, "WrongState");
        }

        @Test
        void whoeverWasFasterWins() throws Exception {
            String tag = Webadmin.etag(webadmin.put(SALES, "{\"port\": 25}"));
            store.beforeNextChange(
                    () -> store.change(RouteName.parse("sales.example.com"), OptionValues.of(Map.of("port", "99"))));
            assertProblem(webadmin.put(SALES, "{\"port\": 26}", "If-Match", tag), 412, "WrongState");
            assertThat(Webadmin.json(webadmin.get(SALES)).at("/options/port").asText())
                    .isEqualTo("99");
        }

        @Test
        void ofSixteenWritersWithOneTagOneWins() throws Exception {
            String tag = Webadmin.etag(webadmin.put(SALES, "{}"));
            ExecutorService writers = Executors.newFixedThreadPool(16);
            try {
                java.util.List<Future<Integer>> answers = IntStream.range(0, 16)
                        .mapToObj(i -> writers.submit(
                                () -> webadmin.put(SALES, "{\"port\": " + (1000 + i) + "}", "If-Match", tag)
                                        .statusCode()))
                        .toList();
                int won = 0;
                for (Future<Integer> answer : answers) {
                    assertThat(answer.get()).isIn(204, 412);
                    won += answer.get() == 204 ? 1 : 0;
                }
                assertThat(won).isEqualTo(1);
            } finally {
                writers.shutdownNow();
            }
        }
    }

    @Nested
    class Patch {

        @Test
        void changesAddsAndRemovesSingleOptions() throws Exception {
            webadmin.put(SALES, "{\"port\": 26, \"tls\": \"none\", \"suspended\": true}");
            HttpResponse<String> patched =
                    webadmin.send("PATCH", SALES, "{\"port\": 27, \"suspended\": null, \"queueLifetime\": \"3d\"}");
            assertThat(patched.statusCode()).isEqualTo(204);
            HttpResponse<String> read = webadmin.get(SALES);
            assertThat(Webadmin.etag(read)).isEqualTo(Webadmin.etag(patched));
            JsonNode options = Webadmin.json(read).get("options");
            assertThat(options.fieldNames()).toIterable().containsExactly("port", "queueLifetime", "tls");
            assertThat(options.get("port").asText()).isEqualTo("27");
        }

        @Test
        void buildsOnWhatAnotherProcessMeanwhileMade() throws Exception {
            webadmin.put(SALES, "{\"port\": 26}");
            store.beforeNextChange(() -> store.change(
                    RouteName.parse("sales.example.com"), OptionValues.of(Map.of("port", "99", "tls", "none"))));
            assertThat(webadmin.send("PATCH", SALES, "{\"suspended\": true}").statusCode())
                    .isEqualTo(204);
            JsonNode options = Webadmin.json(webadmin.get(SALES)).get("options");
            assertThat(options.get("port").asText()).isEqualTo("99");
            assertThat(options.get("suspended").asText()).isEqualTo("true");
        }

        @Test
        void ofAnUnknownOptionIsRefusedAlsoWhenItWouldRemoveIt() throws Exception {
            webadmin.put(SALES, "{}");
            assertProblem(
                    webadmin.send("PATCH", SALES, "{\"prot\": null}"), 400, "InvalidArgument", "did you mean 'port'?");
        }

        @Test
        void needsARunTimeRoute() throws Exception {
            assertProblem(webadmin.send("PATCH", SALES, "{}"), 404, "notFound", "There is no route of");
            assertProblem(
                    webadmin.send("PATCH", "/outgoing/routes/file.example", "{}"),
                    404,
                    "notFound",
                    "stands in outgoing-routes.xml");
        }
    }

    @Nested
    class Delete {

        @Test
        void removesARoute() throws Exception {
            webadmin.put(SALES, "{}");
            assertThat(webadmin.send("DELETE", SALES, "").statusCode()).isEqualTo(204);
            assertProblem(webadmin.get(SALES), 404, "notFound", "sales.example.com");
            assertProblem(webadmin.send("DELETE", SALES, ""), 404, "notFound", "sales.example.com");
        }

        @Test
        void saysThatARouteStandsInTheFile() throws Exception {
            assertProblem(
                    webadmin.send("DELETE", "/outgoing/routes/file.example", ""),
                    404,
                    "notFound",
                    "stands in outgoing-routes.xml");
        }
    }

    @Nested
    class Secrets {

        private static final String WITH_PASSWORD =
                "{\"relayHosts\": \"r.test\", \"gatewayUsername\": \"u\", \"gatewayPassword\": \"hunter2\"}";

        @Test
        void areNeverReturned() throws Exception {
            webadmin.put(SALES, WITH_PASSWORD);
            for (String path : new String[] {SALES, "/outgoing/routes"}) {
                HttpResponse<String> answer = webadmin.get(path);
                assertThat(answer.body())
                        .contains("\"gatewayPassword\":\"***\"")
                        .doesNotContain("hunter2");
            }
        }

        @Test
        void stayWhenThreeStarsAreSentBack() throws Exception {
            webadmin.put(SALES, WITH_PASSWORD);
            String shown = Webadmin.json(webadmin.get(SALES)).get("options").toString();
            assertThat(webadmin.put(SALES, shown).statusCode()).isEqualTo(204);
            assertThat(webadmin.send("PATCH", SALES, "{\"gatewayPassword\": \"***\", \"port\": 26}")
                            .statusCode())
                    .isEqualTo(204);
            assertThat(store.load().values().iterator().next().value().texts())
                    .containsEntry("gatewayPassword", "hunter2");
        }

        /** Whoever may change routes need not know their passwords, nor have them sent to a host of his own. */
        @Test
        void doNotGoToOtherHostsThanTheyWereGivenFor() throws Exception {
            webadmin.put(SALES, WITH_PASSWORD);
            for (String change : new String[] {
                "{\"relayHosts\": \"mine.test\"}",
                "{\"relayHosts\": \"mine.test\", \"gatewayPassword\": \"***\"}",
                "{\"dnsServers\": \"203.0.113.7\"}",
                "{\"relayHosts\": null, \"mode\": \"independent\"}"
            }) {
                assertProblem(
                        webadmin.send("PATCH", SALES, change),
                        400,
                        "InvalidArgument",
                        "gatewayPassword",
                        "would be sent");
            }
            assertProblem(
                    webadmin.put(SALES, WITH_PASSWORD.replace("hunter2", "***").replace("r.test", "mine.test")),
                    400,
                    "InvalidArgument",
                    "would be sent");
            assertThat(webadmin.send("PATCH", SALES, "{\"relayHosts\": \"mine.test\", \"gatewayPassword\": \"mine\"}")
                            .statusCode())
                    .isEqualTo(204);
        }

        @Test
        void goWithTheUserWhenTheyAreSetToNull() throws Exception {
            webadmin.put(SALES, WITH_PASSWORD);
            assertThat(webadmin.send("PATCH", SALES, "{\"gatewayUsername\": null, \"gatewayPassword\": null}")
                            .statusCode())
                    .isEqualTo(204);
            assertThat(store.load().values().iterator().next().value().texts()).containsOnlyKeys("relayHosts");
        }

        @Test
        void cannotStayWhereThereIsNone() throws Exception {
            assertProblem(
                    webadmin.put(SALES, WITH_PASSWORD.replace("hunter2", "***")),
                    400,
                    "InvalidArgument",
                    "there is none");
        }

        @Test
        void areNotInTheAnswerThatRefusesThem() throws Exception {
            HttpResponse<String> answer = webadmin.put(SALES, "{\"gatewayPassword\": \"hunter2\\n\\u0000x\"}");
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).doesNotContain("hunter2");
        }
    }

    @Test
    void aStoreThatCannotBeUsedIsSaidInOneLine() throws Exception {
        webadmin.put(SALES, "{}");
        store.breakDown();
        for (String method : new String[] {"PUT", "PATCH", "DELETE"}) {
            assertProblem(
                    webadmin.send(method, SALES, "{}"),
                    503,
                    "ServerError",
                    "nothing has changed",
                    "var/outgoing-routes.json cannot be read");
        }
        assertThat(webadmin.get(SALES).statusCode()).isEqualTo(200);
    }

    @Test
    void withoutAServiceThereIsNothingToExplain() throws Exception {
        assertProblem(webadmin.get(SALES + "/effective"), 409, "WrongState", "No outgoing-mail service runs");
        assertProblem(
                webadmin.send("POST", "/outgoing/routes/trace", "{\"recipient\": \"bob@example.com\"}"),
                409,
                "WrongState");
    }
}
