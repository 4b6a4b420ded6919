/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jamesoutgoing.sevenbit.Messages.convert;
import static org.jamesoutgoing.sevenbit.Messages.octets;
import static org.jamesoutgoing.sevenbit.Messages.text;

import javax.mail.internet.InternetAddress;
import javax.mail.internet.MimeUtility;
import javax.mail.internet.ParameterList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Header fields: RFC 2047, RFC 2231. */
class HeaderConversionTest {

    /** The field converted, LF for each line end, without the last. */
    private static String field(String field) throws NotConvertibleException {
        String converted = convert(field + "\n\nx\n");
        assertThat(converted).endsWith("\n\nx\n");
        assertThat(converted.lines()).allMatch(line -> line.length() <= 78);
        return converted.substring(0, converted.length() - 4);
    }

    private static String value(String field) throws NotConvertibleException {
        String converted = field(field);
        return converted.substring(converted.indexOf(':') + 1).strip();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Subject: a Grüße b | Subject: a =?utf-8?b?R3LDvMOfZQ==?= b",
                "Subject:Grüße  Jörg und =?x?= | Subject: =?utf-8?b?R3LDvMOfZSAgSsO2cmc=?= und =?x?=",
                "Subject: =?utf-8?q?a?= ü | Subject: =?utf-8?q?a?= =?utf-8?b?IMO8?=",
                "Subject: ü =?utf-8?q?a?= | Subject: =?utf-8?b?w7wg?= =?utf-8?q?a?=",
                "X-Some: something like ü (ö) | X-Some: something like =?utf-8?b?w7wgKMO2KQ==?=",
                "To: Jörg Müller <j@x.test> | To: =?utf-8?b?SsO2cmcgTcO8bGxlcg==?= <j@x.test>",
                "To: \"Müller, Jörg\" <j@x.test> | To: =?utf-8?b?TcO8bGxlciwgSsO2cmc=?= <j@x.test>",
                "To: \"M, J\" Jörg<j@x.test>,a@b | To: \"M, J\" =?utf-8?b?SsO2cmc=?= <j@x.test>,a@b",
                "Cc: a@b,Jörg <j@x.test> | Cc: a@b, =?utf-8?b?SsO2cmc=?= <j@x.test>",
                "From: j@x.test (Jörg M.) | From: j@x.test (=?utf-8?b?SsO2cmc=?= M.)",
                "From: j@x.test (a (ö) b) | From: j@x.test (=?utf-8?b?YSAow7YpIGI=?=)",
                "To: Läute:a@b,\"c d\"@e; | To: =?utf-8?b?TMOkdXRl?=:a@b,\"c d\"@e;",
                "To: Jörg | To: =?utf-8?b?SsO2cmc=?=",
                "List-Id: Größe <l.x.test> | List-Id: =?utf-8?b?R3LDtsOfZQ==?= <l.x.test>",
                "Received: from ö by x; date | Received: from ?? by x; date",
                "Content-Type: a/b; name=\"ü.txt\"; x=y | Content-Type: a/b; name*=utf-8''%C3%BC.txt; x=y",
                "Content-Disposition: attachment; filename=Die Grüße.txt; size=1"
                        + " | Content-Disposition: attachment; filename*=utf-8''Die%20Gr%C3%BC%C3%9Fe.txt; size=1",
                "Content-Disposition: inline; filename*=utf-8''ü%20a | Content-Disposition: inline;"
                        + " filename*=utf-8''%C3%BC%20a",
            })
    void textBecomesEncodedWordsAndParametersExtendedOnes(String field, String converted) throws Exception {
        assertThat(field(field).replace("\n", "")).isEqualTo(converted);
    }

    @Test
    void whatIsNotUtf8IsOfUnknownCharset() throws Exception { // RFC 1428 §3
        assertThat(text(convert(octets("Subject: \u00fc\r\nContent-Type: a/b; name=\u00fc\r\n\r\n"))))
                .isEqualTo("Subject: =?unknown-8bit?q?=FC?=\r\nContent-Type: a/b; name*=unknown-8bit''%FC\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Grüße aus der Straße, in der es viele Wörter gibt, und noch mehr, und keines davon ist kurz",
                "ü",
                "  führend und folgend ü  a  b   ö ",
                "日本語の件名がとても長いのでいくつかの符号化語に分けられます。それでも文字は壊れません。",
                "plain =?utf-8?q?encoded_=C3=BC?= ü =?utf-8?q?encoded?= ö",
                "a_b?c=d \u00e4(\u00f6)\"\u00fc\""
            })
    void aReaderSeesTheSameSubject(String subject) throws Exception { // RFC 2047 §6.2
        String value = value("Subject: " + subject);
        assertThat(MimeUtility.decodeText(MimeUtility.unfold(value.replace("\n", "\r\n"))))
                .isEqualTo(MimeUtility.decodeText(subject.strip()));
    }

    @Test
    void aReaderSeesTheSameNamesAndAddresses() throws Exception {
        String list = "\"Müller, Jörg \\\"J\\\"\" <j@x.test>, plain@x.test, Ünal Öz <\"o z\"@x.test>";
        InternetAddress[] read =
                InternetAddress.parseHeader(value("To: " + list).replace("\n", "\r\n"), true);
        assertThat(read).hasSize(3);
        assertThat(read[0].getPersonal()).isEqualTo("Müller, Jörg \"J\"");
        assertThat(read[1].getAddress()).isEqualTo("plain@x.test");
        assertThat(read[2].getPersonal()).isEqualTo("Ünal Öz");
        assertThat(read[2].getAddress()).isEqualTo("\"o z\"@x.test");
    }

    @Test
    void aLongParameterComesInPieces() throws Exception { // RFC 2231 §3
        String name = "Größe ".repeat(40) + ".txt";
        String value = value("Content-Disposition: attachment;\n filename=\"" + name + "\"");
        assertThat(value).contains("filename*0*=utf-8''").contains("filename*1*=");
        String parameters = value.substring(value.indexOf(';')).replaceAll("\n", "");
        assertThat(new ParameterList(parameters).get("filename")).isEqualTo(name);
    }

    @Test
    void aFoldedFieldIsReadAsOne() throws Exception { // RFC 5322 §2.2.3
        assertThat(field("Subject: Grüße\n\taus\n  Öhr"))
                .isEqualTo("Subject: =?utf-8?b?R3LDvMOfZQ==?=\taus  =?utf-8?q?=C3=96hr?=");
    }

    @Test
    void fieldsWithoutEightBitOctetsStayAsTheyAre() throws Exception {
        String fields = "Subject : folded\n\t oddly \nX:\nFrom: <a@b>";
        assertThat(field(fields + "\nTo: ü <c@d>")).startsWith(fields + "\n");
    }
}
