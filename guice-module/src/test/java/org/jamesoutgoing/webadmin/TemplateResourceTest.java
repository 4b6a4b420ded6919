/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.StreamSupport;
import javax.mail.Session;
import javax.mail.internet.MimeMessage;
import org.jamesoutgoing.dsn.template.TemplateName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateResourceTest {

    private static final String TEMPLATES = "/outgoing/templates";
    private static final String FAILURE = TEMPLATES + "/failure";
    private static final String PREVIEW = FAILURE + "/preview";
    private static final String OURS = "Subject: Ours: {{subject}}\n\nTo {{sender}}.\n";
    private static final String WITH_HTML = OURS + "\n--- html ---\n<p>{{subject}}</p>\n";

    @TempDir
    Path directory;

    private final MemoryStore<TemplateName, String> store = new MemoryStore<>("template");
    private Webadmin webadmin;

    @BeforeEach
    void start() {
        webadmin = new Webadmin(store, directory);
    }

    @AfterEach
    void stop() {
        webadmin.close();
    }

    private static TemplateName name(String text) {
        return TemplateName.parse(text).orElseThrow();
    }

    private void file(String name, String text) throws Exception {
        Files.writeString(directory.resolve(name), text);
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String type, String... said)
            throws Exception {
        assertThat(answer.statusCode())
                .as("%s %s", answer.request().uri(), answer.body())
                .isEqualTo(status);
        JsonNode problem = Webadmin.json(answer);
        assertThat(problem.get("type").asText()).isEqualTo(type);
        String text =
                problem.get("message").asText() + " " + problem.get("details").asText();
        for (String part : said) {
            assertThat(text).contains(part);
        }
        assertThat(answer.body()).doesNotContain("\tat ").doesNotContain("Exception");
    }

    private JsonNode listed(String name) throws Exception {
        JsonNode list = Webadmin.json(webadmin.get(TEMPLATES));
        return StreamSupport.stream(list.spliterator(), false)
                .filter(template -> template.get("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Nested
    class List {

        @Test
        void hasEveryKindInEveryLanguageWithItsOrigin() throws Exception {
            file("failure.de.mustache", OURS);
            file("delay.pt-br.mustache", OURS);
            String etag = Webadmin.etag(webadmin.put(FAILURE, OURS));

            JsonNode templates = Webadmin.json(webadmin.get(TEMPLATES));

            assertThat(templates.findValuesAsText("name"))
                    .contains("failure", "failure.de", "failure.fr", "delay.pt-br", "success.de", "queue-full.fr")
                    .hasSize(4 * 3 + 1);
            assertThat(listed("failure").toString())
                    .isEqualTo("{\"name\":\"failure\",\"kind\":\"failure\",\"language\":\"en\",\"origin\":\"runtime\","
                            + "\"revision\":" + etag.replace("\"", "") + "}");
            assertThat(listed("failure.de").get("origin").asText()).isEqualTo("file");
            assertThat(listed("queue-full.fr").get("origin").asText()).isEqualTo("built-in");
        }

        @Test
        void saysWhichFileCannotBeUsedAndWhy() throws Exception {
            file("failure.de.mustache", "Subject: s\n\n{{#sender}}");
            file("failure.es.mustache", "nothing");

            JsonNode german = listed("failure.de");
            assertThat(german.get("origin").asText()).isEqualTo("built-in");
            assertThat(german.get("problem").asText()).startsWith("the one of origin 'file' is not used: line 3: ");
            JsonNode spanish = listed("failure.es");
            assertThat(spanish.has("origin")).isFalse();
            assertThat(spanish.get("problem").asText()).contains("line 1");
        }

        @Test
        void saysWhichStoredTemplateCannotBeUsed() throws Exception {
            webadmin.get(TEMPLATES);
            store.change(name("failure"), "no template");
            JsonNode failure = listed("failure");
            assertThat(failure.get("origin").asText()).isEqualTo("built-in");
            assertThat(failure.get("revision").isNumber()).isTrue();
            assertThat(failure.get("problem").asText()).startsWith("the one of origin 'runtime' is not used: ");
        }
    }

    @Nested
    class Get {

        @Test
        void hasTheSourceInJson() throws Exception {
            file("failure.mustache", OURS);
            JsonNode template = Webadmin.json(webadmin.get(FAILURE));
            assertThat(template.get("source").asText()).isEqualTo(OURS);
            assertThat(template.get("origin").asText()).isEqualTo("file");
            assertThat(Webadmin.etag(webadmin.get(FAILURE))).isEmpty();
        }

        @Test
        void hasTheSourceAsTextIfThatIsAskedFor() throws Exception {
            String source = OURS.replace("Ours", "Später");
            String etag = Webadmin.etag(webadmin.put(FAILURE, source));
            HttpResponse<String> answer = webadmin.send("GET", FAILURE, "", "Accept", "text/plain");
            assertThat(answer.body()).isEqualTo(source);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
            assertThat(answer.headers().firstValue("Template-Origin")).contains("runtime");
            assertThat(Webadmin.etag(answer)).isEqualTo(etag);
        }

        @Test
        void takesAnySpellingOfAName() throws Exception {
            for (String spelling : new String[] {"failure.de", "Failure.DE", "failure.de-CH", "failure.de_ch"}) {
                int status = spelling.length() > 10 ? 404 : 200;
                assertThat(webadmin.get(TEMPLATES + "/" + spelling).statusCode())
                        .as(spelling)
                        .isEqualTo(status);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"bounce", "failure.", "failure.deutsch-und-lang", "failure.mustache", "%2e%2e%2fx"})
        void refusesWhatIsNoName(String name) throws Exception {
            assertProblem(
                    webadmin.get(TEMPLATES + "/" + name), 400, "InvalidArgument", "'name' is '", "allowed: failure");
        }

        @Test
        void hasNoTemplateInALanguageThatNobodyWroteOneIn() throws Exception {
            assertProblem(webadmin.get(TEMPLATES + "/failure.es"), 404, "notFound", "failure.es");
        }

        @Test
        void hasNoOtherForm() throws Exception {
            assertProblem(
                    webadmin.send("GET", FAILURE, "", "Accept", "image/png"), 406, "InvalidArgument", "text/plain");
        }
    }

    @Nested
    class Put {

        @Test
        void createsThenReplacesATemplate() throws Exception {
            HttpResponse<String> created = webadmin.put(FAILURE, OURS);
            assertThat(created.statusCode()).isEqualTo(201);
            assertThat(Webadmin.etag(created)).matches("\"\\d+\"");
            HttpResponse<String> replaced = webadmin.put(FAILURE + ".en", WITH_HTML);
            assertThat(replaced.statusCode()).isEqualTo(204);
            HttpResponse<String> read = webadmin.get(FAILURE);
            assertThat(Webadmin.json(read).get("source").asText()).isEqualTo(WITH_HTML);
            assertThat(Webadmin.etag(read)).isEqualTo(Webadmin.etag(replaced)).isNotEqualTo(Webadmin.etag(created));
        }

        @Test
        void takesATemplateInANewLanguage() throws Exception {
            assertThat(webadmin.put(TEMPLATES + "/delay.pt-BR", OURS).statusCode())
                    .isEqualTo(201);
            assertThat(listed("delay.pt-br").get("origin").asText()).isEqualTo("runtime");
        }

        @Test
        void namesLineAndVariableOfWhatIsWrong() throws Exception {
            assertProblem(
                    webadmin.put(FAILURE, "Subject: s\n\nDear {{sendr}},\n{{reason}}"),
                    400,
                    "InvalidArgument",
                    "Bad template",
                    "line 3: unknown variable {{sendr}}, did you mean {{sender}}?",
                    "line 4: {{reason}}");
            assertThat(store.load()).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", " \n ", "no subject", "Subject: s\n\n{{#several}}", "Subject: s\n\n{{> /etc/passwd}}"})
        void refusesWhatIsNoTemplate(String source) throws Exception {
            assertProblem(webadmin.put(FAILURE, source), 400, "InvalidArgument");
            assertThat(store.load()).isEmpty();
        }

        @Test
        void refusesWhatIsTooLarge() throws Exception {
            assertProblem(
                    webadmin.put(FAILURE, OURS + "x".repeat(300_000)), 400, "InvalidArgument", "longer than 262144");
            assertProblem(
                    webadmin.put(FAILURE, OURS + "x".repeat(2_000_000)), 400, "InvalidArgument", "allowed: 1048576");
        }
    }

    @Nested
    class Conditions {

        @Test
        void ifNoneMatchCreatesOnly() throws Exception {
            assertThat(webadmin.put(FAILURE, OURS, "If-None-Match", "*").statusCode())
                    .isEqualTo(201);
            assertProblem(webadmin.put(FAILURE, OURS, "If-None-Match", "*"), 412, "WrongState", "template failure");
        }

        @Test
        void ifMatchReplacesTheTemplateThatWasReadOnly() throws Exception {
            String first = Webadmin.etag(webadmin.put(FAILURE, OURS));
            String second = Webadmin.etag(webadmin.put(FAILURE, WITH_HTML, "If-Match", first));
            assertProblem(webadmin.put(FAILURE, OURS, "If-Match", first), 412, "WrongState");
            assertProblem(webadmin.send("DELETE", FAILURE, "", "If-Match", first), 412, "WrongState");
            assertThat(webadmin.send("DELETE", FAILURE, "", "If-Match", second).statusCode())
                    .isEqualTo(204);
        }

        @Test
        void whoeverWasFasterWins() throws Exception {
            String tag = Webadmin.etag(webadmin.put(FAILURE, OURS));
            store.beforeNextChange(() -> store.change(name("failure"), WITH_HTML));
            assertProblem(webadmin.put(FAILURE, OURS, "If-Match", tag), 412, "WrongState");
            assertThat(Webadmin.json(webadmin.get(FAILURE)).get("source").asText())
                    .isEqualTo(WITH_HTML);
        }

        @Test
        void aConditionThatCannotBeReadIsRefused() throws Exception {
            assertProblem(webadmin.put(FAILURE, OURS, "If-Match", "7"), 400, "InvalidArgument", "If-Match");
        }
    }

    @Nested
    class Delete {

        @Test
        void bringsBackTheFileThenTheBuiltInOne() throws Exception {
            file("failure.mustache", OURS);
            webadmin.put(FAILURE, WITH_HTML);
            assertThat(webadmin.send("DELETE", FAILURE, "").statusCode()).isEqualTo(204);
            assertThat(listed("failure").get("origin").asText()).isEqualTo("file");
            Files.delete(directory.resolve("failure.mustache"));
            assertThat(listed("failure").get("origin").asText()).isEqualTo("built-in");
        }

        @Test
        void isOfRunTimeTemplatesOnly() throws Exception {
            assertProblem(webadmin.send("DELETE", FAILURE, ""), 404, "notFound", "made at run time");
        }
    }

    @Nested
    class Preview {

        private HttpResponse<String> preview(String body, String accept) throws Exception {
            return webadmin.send("POST", PREVIEW, body, "Accept", accept);
        }

        @Test
        void isTheWholeMessage() throws Exception {
            for (String kind : new String[] {"failure", "delay", "success", "queue-full", "failure.de", "delay.fr"}) {
                HttpResponse<String> answer = webadmin.send("POST", TEMPLATES + "/" + kind + "/preview", "");
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                        .startsWith("message/rfc822");
                MimeMessage message = new MimeMessage(
                        Session.getInstance(new Properties()),
                        new ByteArrayInputStream(answer.body().getBytes(StandardCharsets.UTF_8)));
                assertThat(message.getContentType()).startsWith("multipart/report");
                assertThat(message.getHeader("To")).containsExactly("<alice@example.org>");
            }
        }

        @Test
        void isOfTheTemplateInUse() throws Exception {
            webadmin.put(FAILURE, WITH_HTML);
            assertThat(preview("", "message/rfc822").body()).contains("Subject: Ours: Lunch");
            assertThat(preview("", "text/plain").body()).isEqualToNormalizingNewlines("To alice@example.org.\n");
        }

        @Test
        void isOfTheTemplateInTheBodyWhichIsNotSaved() throws Exception {
            HttpResponse<String> answer = preview(WITH_HTML, "text/html");
            assertThat(answer.body().strip())
                    .isEqualTo("<p>Lunch &amp; &lt;dinner&gt;, tomorrow at &quot;Joe&#39;s&quot;</p>");
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .contains("sandbox", "default-src 'none'");
            assertThat(store.load()).isEmpty();
        }

        @Test
        void mayBeInALanguageThatThereIsNoTemplateInYet() throws Exception {
            assertThat(webadmin.send("POST", TEMPLATES + "/failure.es/preview", OURS)
                            .statusCode())
                    .isEqualTo(200);
            assertProblem(webadmin.send("POST", TEMPLATES + "/failure.es/preview", ""), 404, "notFound", "failure.es");
        }

        @Test
        void withoutHtmlHasNone() throws Exception {
            assertProblem(preview(OURS, "text/html"), 406, "InvalidArgument", "no HTML", "--- html ---");
            assertProblem(preview(OURS, "application/pdf"), 406, "InvalidArgument", "message/rfc822");
        }

        @Test
        void namesLineAndVariableOfWhatIsWrong() throws Exception {
            assertProblem(preview("Subject: {{subjekt}}\n\nx", "*/*"), 400, "InvalidArgument", "line 1", "{{subjekt}}");
            assertProblem(preview("x".repeat(2_000_000), "*/*"), 400, "InvalidArgument", "allowed: 1048576");
        }

        @Test
        void ofAMailNeedsAService() throws Exception {
            assertProblem(
                    webadmin.send("POST", PREVIEW + "?mail=m1", ""), 409, "WrongState", "No outgoing-mail service");
            assertProblem(webadmin.send("POST", PREVIEW + "?mail=", ""), 400, "InvalidArgument", "'mail' is empty");
        }
    }

    @Test
    void anUnusableStoreIsSaidAndTheTemplatesStay() throws Exception {
        webadmin.put(FAILURE, OURS);
        store.breakDown();
        assertProblem(webadmin.put(FAILURE, WITH_HTML), 503, "ServerError", "cannot be read");
        assertProblem(webadmin.send("DELETE", FAILURE, ""), 503, "ServerError", "cannot be read");
        assertThat(Webadmin.json(webadmin.get(FAILURE)).get("source").asText()).isEqualTo(OURS);
        assertThat(webadmin.send("POST", PREVIEW, "").body()).contains("Subject: Ours: ");
    }

    @Test
    void aStoreThatCouldNeverBeReadIsSaidAndPreviewsGoOn() throws Exception {
        store.breakDown();
        assertProblem(webadmin.get(TEMPLATES), 503, "ServerError", "cannot be read");
        assertProblem(webadmin.put(FAILURE, OURS), 503, "ServerError", "cannot be read");
        assertThat(webadmin.send("POST", PREVIEW, "").statusCode()).isEqualTo(200);
    }
}
