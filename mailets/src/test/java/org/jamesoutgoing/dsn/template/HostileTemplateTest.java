/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A template can reach nothing but its values, and costs little whatever it is. */
class HostileTemplateTest {
    private static Template text(String text) throws BadTemplateException {
        return Template.parse("Subject: s\n\n" + text);
    }

    private static Template html(String html) throws BadTemplateException {
        return Template.parse("Subject: s\n\nx\n--- html ---\n" + html);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{>secret}}",
                "{{> /etc/passwd }}",
                "{{<secret}}{{/secret}}",
                "{{$secret}}{{/secret}}",
                "{{%pragma}}",
                "{{?subject}}x{{/subject}}",
                "{{*subject}}",
                "{{~subject}}",
                "{{=<% %>=}}<%subject%>",
                "{{=[ ]=}}[>secret]",
                "{{={ }=}}",
                "{{.}}",
                "{{#subject}}{{.}}{{/subject}}",
                "{{subject.class.name}}",
                "{{subject()}}",
                "{{{{subject}}}}",
                "{{{subject}}",
                "{{#{subject}}",
                "{{",
                "{{#",
                "{{!",
                "{{{",
            })
    void onlyVariablesAndSectionsStandBetweenBraces(String text) {
        assertThatThrownBy(() -> text(text))
                .isInstanceOf(BadTemplateException.class)
                .hasMessageStartingWith("line 3: ");
    }

    @Test
    void noFileIsRead(@TempDir Path directory) throws Exception {
        Path secret = Files.writeString(directory.resolve("secret.mustache"), "secret", UTF_8);

        // Even if the check before it were not there.
        assertThatThrownBy(() -> new Mustaches(Mustaches.Escaping.NONE).compile(secret.toString()))
                .hasMessageContaining("cannot include");
        assertThatThrownBy(() ->
                        new Mustaches(Mustaches.Escaping.NONE).compile(new StringReader("{{>" + secret + "}}"), "x"))
                .hasMessageContaining("cannot include");
    }

    @Test
    void valuesAreNotTemplates() throws Exception {
        Map<String, Object> values = Map.of("subject", "{{host}} {{#host}} {{>x}} {{=", "host", "secret");

        assertThat(text("{{subject}} {{{subject}}} {{&subject}}").fill(values).text())
                .doesNotContain("secret")
                .contains("{{host}}");
    }

    @Test
    void methodsAndFieldsOfValuesAreOutOfReach() throws Exception {
        Map<String, Object> values = new HashMap<>();
        values.put("subject", "text");
        values.put("recipients", List.of(Map.of("address", "x@y")));

        assertThat(text("[{{#subject}}{{toString}}{{getClass}}{{class}}{{isEmpty}}{{/subject}}{{#recipients}}{{size}}"
                                + "{{get}}{{keySet}}{{/recipients}}]")
                        .fill(values)
                        .text())
                .isEqualTo("[]\n");
    }

    @Test
    void functionsAreNotCalled() throws Exception {
        Map<String, Object> values = new HashMap<>();
        values.put("subject", new Object() {
            @Override
            public String toString() {
                throw new AssertionError("called");
            }
        });

        assertThat(text("a{{subject}}").fill(values).text()).isEqualTo("a\n");
    }

    @Test
    void aTemplateThatGrowsIsStopped() throws Exception {
        Map<String, Object> values = Map.of("recipients", Collections.nCopies(100, Map.of("address", "x".repeat(500))));
        Template growing = text("{{#recipients}}" + "{{address}}".repeat(400) + "{{/recipients}}");

        assertThatThrownBy(() -> growing.fill(values)).hasStackTraceContaining("grows beyond 131072 characters");
    }

    @Test
    void aListCannotStandInItself() {
        assertThatThrownBy(() -> text("{{#recipients}}\n{{#recipients}}{{/recipients}}{{/recipients}}"))
                .hasMessage("line 4: {{#recipients}} cannot stand in itself");
    }

    @Test
    void depthNumberAndLengthHaveALimit() {
        assertThatThrownBy(() -> text("{{#host}}".repeat(9) + "{{/host}}".repeat(9)))
                .hasMessage("line 3: more than 8 sections in each other");
        assertThatThrownBy(() -> text("{{host}}".repeat(501)))
                .hasMessage("line 3: more than 500 variables and sections in one piece");
        assertThatThrownBy(() -> text("{{#host}}".repeat(20_000))).isInstanceOf(BadTemplateException.class);
        assertThatThrownBy(() -> text("x".repeat(300_000))).hasMessageStartingWith("longer than 262144 characters");
    }

    @Test
    void theLongestWorkTakesNoTime() throws Exception {
        Map<String, Object> values = Map.of("recipients", Collections.nCopies(100, Map.of("address", "")));
        Template busy = text("x{{#recipients}}" + "{{address}}".repeat(490) + "{{/recipients}}");

        Assertions.assertTimeout(Duration.ofSeconds(5), () -> busy.fill(values));
        Assertions.assertTimeout(Duration.ofSeconds(5), () -> text("{{!" + "} ".repeat(100_000) + "}}x"));
        Assertions.assertTimeout(
                Duration.ofSeconds(5), () -> html("<a ".repeat(50_000) + "> " + "<a href=\"\">{{host}}".repeat(400)));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{{{subject}}}                 | {{{subject}}} would put into the HTML what strangers wrote; write {{subject}}",
                "{{&subject}}                  | {{&subject}} would put into the HTML what strangers wrote; write {{subject}}",
                "<p title={{subject}}>         | {{subject}} stands in a tag without quotes; write \"{{subject}}\"",
                "<p {{subject}}>               | {{subject}} stands in a tag without quotes; write \"{{subject}}\"",
                "<{{subject}}>                 | {{subject}} stands in a tag without quotes; write \"{{subject}}\"",
                "<p onclick=\"{{subject}}\">   | {{subject}} cannot stand in the attribute onclick",
                "<p style='x:{{subject}}'>     | {{subject}} cannot stand in the attribute style",
                "<script>{{subject}}</script>  | {{subject}} cannot stand in <script>",
                "<style>{{subject}}</style>    | {{subject}} cannot stand in <style>",
                "<a href=\"{{reply}}\">        | {{reply}} cannot begin an address; write href=\"mailto:{{reply}}\" or the like",
                "<img src = ' {{reply}}'>      | {{reply}} cannot begin an address; write src=\"mailto:{{reply}}\" or the like",
            })
    void inHtmlAValueStandsOnlyWhereEscapingMakesItHarmless(String html, String message) {
        assertThatThrownBy(() -> html(html)).hasMessage("line 5: " + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<p>{{subject}}</p>",
                "<a href=\"mailto:{{postmaster}}?subject={{subject}}\">{{postmaster}}</a>",
                "<p title='{{subject}}' class=x>a</p>",
                "<!-- {{subject}} --><b>{{subject}}</b>",
                "<style>p { color: red }</style><p>{{subject}}</p>",
                "<script>1 > 0</script>{{^several}}<p>{{subject}}</p>{{/several}}",
                "a < b > {{subject}}",
            })
    void ordinaryHtmlIsAllowed(String html) throws Exception {
        html(html);
    }

    @Property(tries = 1000)
    void whateverATemplateIsItIsRefusedOrMakesBoundedWords(@ForAll("templates") String source) {
        Template template;
        try {
            template = Template.parse(source);
        } catch (BadTemplateException refused) {
            assertThat(refused.problems()).isNotEmpty();
            return;
        }
        try {
            assertThat(template.fill(SampleValues.all()).text()).endsWith("\n").hasSizeLessThan(200_000);
        } catch (IllegalStateException nothing) {
            assertThat(nothing).hasMessage("gives no text");
        }
    }

    @Provide
    Arbitrary<String> templates() {
        Arbitrary<String> meaningful = Arbitraries.of(
                "{{",
                "}}",
                "{",
                "}",
                "{{{",
                "}}}",
                "{{#recipients}}",
                "{{/recipients}}",
                "{{^recipients}}",
                "{{address}}",
                "{{subject}}",
                "{{!",
                "{{>x}}",
                "{{=",
                "=}}",
                "{{#several}}",
                "{{/several}}",
                "\n",
                "\n--- html ---\n",
                " ",
                "<p>",
                "<a href=\"",
                "\"",
                ">",
                "{{& reply }}",
                "{{nothing}}",
                "\u00e9",
                "\ud83c\udf55",
                "\ud800");
        Arbitrary<String> anything = Arbitraries.strings().ofMaxLength(5);
        return Arbitraries.oneOf(meaningful, meaningful, anything)
                .list()
                .ofMaxSize(15)
                .map(pieces -> "Subject: s\n\nx" + String.join("", pieces));
    }
}
