/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final Map<String, Object> VALUES = Map.of(
            "subject",
            "a <b> & c",
            "host",
            "",
            "several",
            true,
            "recipients",
            List.of(Map.of("address", "x@y", "attempts", "1"), Map.of("address", "z@y", "attempts", "2")),
            "attempts",
            "3");

    private static RenderedText fill(String source) throws BadTemplateException {
        return Template.parse(source).fill(VALUES);
    }

    private static String text(String text) throws BadTemplateException {
        return fill("Subject: s\n\n" + text).text();
    }

    @Test
    void aTemplateHasHeaderLinesTextAndPerhapsHtml() throws Exception {
        RenderedText words = fill(
                """
                {{! Who changed it, and why. }}
                Subject: About {{subject}}
                from : Help <help@example.org>
                Reply-To: help@example.org

                Text: {{subject}}

                --- html ---
                <p title="{{subject}}">{{subject}}</p>
                """);

        assertThat(words)
                .isEqualTo(new RenderedText(
                        "About a <b> & c",
                        Optional.of("Help <help@example.org>"),
                        Optional.of("help@example.org"),
                        "Text: a <b> & c\n",
                        Optional.of("<p title=\"a &lt;b&gt; &amp; c\">a &lt;b&gt; &amp; c</p>\n")));
    }

    @Test
    void lineEndsAndByteOrderMarksOfOtherEditorsDoNotMatter() throws Exception {
        assertThat(fill("\ufeffSubject: s\r\n\r\nline\r\nline\r\n")).isEqualTo(new RenderedText("s", "line\nline\n"));
        assertThat(fill("Subject: s\r\rline\r")).isEqualTo(new RenderedText("s", "line\n"));
    }

    @Test
    void sectionsOnTheirOwnLineLeaveNoEmptyLine() throws Exception {
        assertThat(
                        text(
                                "a\n{{#several}}\nb\n{{/several}}\n{{^several}}\nc\n{{/several}}\n{{#host}}\nd\n{{/host}}\ne\n"))
                .isEqualTo("a\nb\ne\n");
    }

    @Test
    void theListGivesEachRecipientAndItsValuesHideThoseOfTheMail() throws Exception {
        assertThat(
                        text(
                                "{{attempts}}:{{#recipients}} {{address}} {{attempts}} {{#several}}+{{/several}};{{/recipients}}"))
                .isEqualTo("3: x@y 1 +; z@y 2 +;\n");
        assertThat(text("{{#host}}no{{/host}}{{^host}}yes{{/host}} {{^recipients}}no{{/recipients}}"))
                .isEqualTo("yes\n");
    }

    @Test
    void longLinesAreWrappedAndKeepTheirIndent() throws Exception {
        assertThat(text("    " + "word ".repeat(30) + "\n" + "x".repeat(100) + " y"))
                .isEqualTo(("    " + "word ".repeat(12) + "word\n").repeat(2) + "    word word word word\n"
                        + "x".repeat(100) + "\ny\n");
    }

    @Test
    void namesThatDoNotExistAreNothingWhenItIsFilledIn() throws Exception {
        assertThat(text("a{{nothing}}b{{#nothing}}c{{/nothing}}{{class}}{{#subject}}{{length}}{{bytes}}{{/subject}}"))
                .isEqualTo("ab\n");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Subject: s$$a {{subjekt}} b  | line 3: unknown variable {{subjekt}}, did you mean {{subject}}?",
                "Subject: {{HOST}}$$a         | line 1: unknown variable {{HOST}}, did you mean {{host}}?",
                "Subject: s$$a$b {{zzzzzzzz}} | line 4: unknown variable {{zzzzzzzz}}",
                "Subject: s$$a$b {{address}}  | line 4: {{address}} has a value for one recipient only, between"
                        + " {{#recipients}} and {{/recipients}}",
                "Subject: s$$$${{several}}    | line 5: {{several}} is a condition, write {{#several}}…{{/several}}",
                "Subject: s$$x$${{recipients}}| line 5: {{recipients}} is a list, write {{#recipients}}…{{/recipients}}",
                "Subject: s$$a$--- html ---$<b>{{x1}}</b> | line 5: unknown variable {{x1}}",
                "Subject: s$$a {{#host}}      | line 3: {{#host}} has no {{/host}} in the same piece",
                "Subject: {{#host}}$${{/host}}| line 1: {{#host}} has no {{/host}} in the same piece",
                "Subject: s$$a {{/host}}      | line 3: {{/host}} ends what did not begin",
                "Subject: s$${{#host}}$${{/size}} | line 5: {{/size}} cannot end {{#host}} of line 3",
                "Subject: s$$a {{             | line 3: {{ without }}",
                "Subject: s$$a {{}}           | line 3: {{}} is no variable, such as {{subject}}, and no section, such as"
                        + " {{#subject}}",
                "Subject: s$$a {{a.b}}        | line 3: {{a.b}} is no variable, such as {{subject}}, and no section, such"
                        + " as {{#subject}}",
                "hello$$a                     | line 1: before the empty line stand header lines such as \"Subject: …\", not"
                        + " hello",
                "Subject: s$Bcc: x@y$$a       | line 2: a template may have Subject, From and Reply-To, not Bcc",
                "Subject: s$Subject: t$$a     | line 2: a second Subject",
                "Subject:$$a                  | line 1: Subject is empty",
                "From: a@b$$a                 | line 1: there is no subject; a template begins with a line \"Subject: …\", and"
                        + " before its text stands an empty line",
                "Subject: s                   | line 1: there is no text",
                "Subject: s$$$                | line 2: there is no text",
                "Subject: s$$a$---html---     | line 4: there is no HTML",
                "Subject: s$$a$--- html ---$b$--- HTML ---$c | line 6: a second \"--- html ---\"",
                "Subject: s$From: nobody$$a   | line 2: From is no address such as \"Mail service <{{postmaster}}>\": nobody",
                "Subject: s$Reply-To: {{subject}}$$a | line 2: Reply-To is no address such as \"Mail service"
                        + " <{{postmaster}}>\": Lunch & \"dinner\" <today>",
                "Subject: s$${{#subject}}{{/subject}} | gives no text",
            })
    void anErrorNamesItsLineAndVariable(String template, String message) {
        assertThatThrownBy(() -> Template.validate(template.strip().replace('$', '\n')))
                .isInstanceOf(BadTemplateException.class)
                .hasMessage(message);
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        assertThatThrownBy(() -> Template.validate("Subject: {{a}}\n\n{{b}}\n{{c}}\n"))
                .isInstanceOfSatisfying(BadTemplateException.class, bad -> assertThat(bad.problems())
                        .extracting(problem ->
                                problem.line() + " " + problem.variable().orElseThrow())
                        .containsExactly("1 a", "3 b", "4 c"));
    }

    @Test
    void everyVariableOfTheTableIsAllowedWhereItHasAValue() throws Exception {
        StringBuilder template = new StringBuilder("Subject: s\n\nx");
        for (Variable variable : Variable.TABLE) {
            String use = variable.type() == Variable.Type.TEXT
                    ? "{{" + variable.name() + "}}"
                    : "{{#" + variable.name() + "}}{{/" + variable.name() + "}}";
            template.append(
                    variable.scope() == Variable.Scope.MAIL ? use : "{{#recipients}}" + use + "{{/recipients}}");
        }

        assertThat(Template.validate(template.toString()).source()).isEqualTo(template.toString());
    }

    @Test
    void noVariableIsThereTwice() {
        Map<String, Variable> seen = new HashMap<>();
        Variable.TABLE.forEach(variable -> assertThat(seen.put(variable.scope() + variable.name(), variable))
                .isNull());
    }
}
