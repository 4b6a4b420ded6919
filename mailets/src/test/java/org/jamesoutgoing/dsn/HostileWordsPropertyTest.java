/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.dsn.Samples.BOB;
import static org.jamesoutgoing.dsn.Samples.CAROL;
import static org.jamesoutgoing.dsn.Samples.NOW;
import static org.jamesoutgoing.dsn.Samples.mail;
import static org.jamesoutgoing.dsn.Samples.octets;
import static org.jamesoutgoing.dsn.Samples.report;
import static org.jamesoutgoing.dsn.Samples.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.mail.internet.MimeMessage;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jamesoutgoing.dsn.template.BadTemplateException;
import org.jamesoutgoing.dsn.template.DsnKind;
import org.jamesoutgoing.dsn.template.Language;
import org.jamesoutgoing.dsn.template.Template;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** What strangers write goes through a template that shows all of it, everywhere, and stays text. */
class HostileWordsPropertyTest {
    private static final Template TEMPLATE = template();

    private static Template template() {
        try {
            return Template.parse(
                    """
                    Subject: {{subject}} {{#recipients}}{{reply}}{{/recipients}}
                    From: {{subject}} {{#recipients}}{{reply}}{{/recipients}} <mail@example.org>
                    Reply-To: {{{subject}}} <help@example.org>

                    {{subject}} {{written}} {{messageId}}
                    {{#recipients}}
                      {{address}} {{{reply}}} {{server}} {{detail}} {{status}} {{reason}}
                    {{/recipients}}
                    --- html ---
                    <html><body><p title="{{subject}}" lang='{{written}}'>{{subject}} {{written}} {{messageId}}</p>
                    {{#recipients}}
                    <p title="{{reply}}">{{address}} {{reply}} {{server}} {{detail}} {{status}} {{reason}}</p>
                    {{/recipients}}
                    <a href="mailto:{{postmaster}}?subject={{subject}}">{{reply}}</a></body></html>
                    """);
        } catch (BadTemplateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static MimeMessage dsn(String subject, String reply, String other) throws Exception {
        byte[] original = ("Subject: " + subject + "\r\nDate: " + other + "\r\nMessage-ID: " + other + "\r\n\r\nHi\r\n")
                .getBytes(UTF_8);
        RecipientReport hostile = new RecipientReport(
                BOB, other, Optional.of(reply), Optional.of(other), other, Samples.ATTEMPT, Optional.empty());
        return new DsnComposer(Clock.fixed(NOW, ZoneOffset.UTC), () -> "4f2a")
                .preview(
                        request(DsnKind.FAILURE, mail(original), hostile, report(CAROL, "5.1.1", other)),
                        TEMPLATE,
                        Language.ENGLISH);
    }

    private static ParsedDsn valid(MimeMessage message) throws Exception {
        ParsedDsn dsn = ParsedDsn.valid(message);
        assertThat(dsn.header("From")).matches("(.* <)?mail@example.org>?");
        assertThat(dsn.header("Reply-To")).matches("(.* <)?help@example.org>?");
        assertThat(dsn.groups()).hasSize(3);
        isWellFormedAndHasOurTagsOnly(dsn.html().orElseThrow());
        assertThat(dsn.text()).doesNotContain("\u202e", "\u2066", "\0");
        return dsn;
    }

    /** The XML parser of the JDK forgives nothing. */
    private static void isWellFormedAndHasOurTagsOnly(String html) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(html.getBytes(UTF_8)));
        NodeList elements = document.getElementsByTagName("*");
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < elements.getLength(); i++) {
            names.append(elements.item(i).getNodeName())
                    .append(elements.item(i).getAttributes().getLength())
                    .append(' ');
        }
        assertThat(names).hasToString("html0 body0 p2 p1 p1 a1 ");
    }

    @Property(tries = 400)
    void nothingIsInjectedIntoHeaderTextOrHtml(
            @ForAll("texts") String subject, @ForAll("texts") String reply, @ForAll("texts") String other)
            throws Exception {
        valid(dsn(subject, reply, other));
    }

    static Stream<String> monsters() {
        String bomb = "=?UTF-8?B?"
                + Base64.getEncoder()
                        .encodeToString("\r\nBcc: x@y\r\n".repeat(3).getBytes(UTF_8)) + "?=";
        return Stream.of(
                "x".repeat(100_000),
                "\u00e9".repeat(100_000),
                "\ud83c\udf55 ".repeat(30_000),
                "<script>alert(1)</script>\"'>&amp;&#0;".repeat(2_000),
                (bomb + " ").repeat(1_500),
                "=?UTF-8?Q?=3D=3FUTF-8=3FB=3F?=".repeat(2_000),
                "a\0b\u0001\u001b[31m\u007f\u0085\u2028",
                "\u202emoc.elpmaxe\u2066\u2069\u200f\u061c",
                new String(new byte[] {(byte) 0xff, (byte) 0xfe, (byte) 0x80}, ISO_8859_1),
                "\ufffe\uffff\ufdd0 \ud800 \udc00",
                "alice@example.org>, <victim@example.com",
                "\"@example.org\" <x@y>, \\",
                "]]>--> </body></html>",
                "{{subject}} {{#recipients}} {{>x}}",
                "\r\n--=_alternative_4f2a--\r\n\r\n--=_4f2a--\r\n");
    }

    @ParameterizedTest
    @MethodSource("monsters")
    void monstersToo(String monster) throws Exception {
        valid(dsn(monster, "550 " + monster, monster));
    }

    @ParameterizedTest
    @MethodSource("monsters")
    void asPythonReadsThem(String monster) throws Exception {
        JsonNode dsn = PythonEmail.parse(octets(dsn(monster, "550 " + monster, monster)));

        assertThat(dsn.get("defects")).isEmpty();
        assertThat(dsn.get("from")).hasSize(1);
        assertThat(dsn.get("from").get(0).get(1).textValue()).isEqualTo("mail@example.org");
        assertThat(dsn.get("replyTo")).hasSize(1);
        assertThat(dsn.get("replyTo").get(0).get(1).textValue()).isEqualTo("help@example.org");
        assertThat(dsn.get("header").has("Bcc")).isFalse();
        assertThat(dsn.get("parts")).hasSize(3);
        JsonNode words = dsn.get("parts").get(0);
        assertThat(words.get("alternatives")).hasSize(2);
        assertThat(words.get("alternatives").get(0).get("defects")).isEmpty();
        assertThat(words.get("alternatives").get(1).get("tags").toString())
                .isEqualTo("[[\"html\"],[\"body\"],[\"p\",\"title\",\"lang\"],[\"p\",\"title\"],[\"p\",\"title\"],"
                        + "[\"a\",\"href\"]]");
    }

    /** All of Unicode, rich in what has a meaning somewhere. */
    @Provide
    Arbitrary<String> texts() {
        List<String> meaningful = List.of(
                "\r\n",
                "\n",
                "\r",
                "\0",
                "\r\n\r\n",
                "\r\n ",
                "Bcc: x@y",
                ":",
                "<",
                ">",
                "\"",
                "'",
                "&",
                "`",
                "&lt;",
                "&#60;",
                "<script>",
                "</p>",
                "<!--",
                "-->",
                "]]>",
                "<![CDATA[",
                "<a@b>",
                "a@b",
                ",",
                ";",
                "\\",
                "(",
                ")",
                "=?UTF-8?B?DQpYOiB5DQo=?=",
                "=?",
                "?=",
                "550 ",
                "5.1.1",
                "--=_4f2a",
                "--=_alternative_4f2a",
                "{{",
                "}}",
                "{{subject}}",
                " ",
                "\t",
                "\u00e9",
                "\u202e",
                "\u2028",
                "\ufffe",
                "\ud83c\udf55",
                "\ud800",
                "javascript:",
                "x".repeat(200));
        Arbitrary<String> anything = Arbitraries.strings().ofMaxLength(20);
        return Arbitraries.oneOf(Arbitraries.of(meaningful), anything)
                .list()
                .ofMaxSize(12)
                .map(pieces -> String.join("", pieces));
    }
}
