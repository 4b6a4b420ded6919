/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Random;

/** Messages of all kinds, well-formed and not, the same for the same seed. One character for each octet. */
final class Corpus {

    private static final String[] WORDS = ("a|word|of|text,|=|?|_|x=y|100%|Gr\u00fc\u00dfe|\u00fc|K\u00f6ln,|(\u00f6)"
                    + "|\u65e5\u672c\u8a9e\u306e\u4ef6\u540d\u304c\u9577\u3044|\u0421\u044a\u0435\u0448\u044c"
                    + "|\ud83d\ude00|=?utf-8?q?x?=|=?utf-8?b?w7w=?=|\"quoted\"|\"quoted \u00e4\"|don't|\ttab"
                    + "|a-rather-long-word-that-has-no-place-to-be-folded-at"
                    + "|f\u00fcnfundzwanzigtausendf\u00fcnfhundertf\u00fcnfundf\u00fcnfzigfach")
            .split("\\|");

    private static final String[] ADDRESSES =
            ("a@x.test|<a@x.test>|J\u00f6rg <j@x.test>|\"M\u00fcller, J\u00f6rg\" <j@x.test>"
                            + "|J\u00f6rg M\u00fcller<j@x.test>|(a \u00fc b\\)|(a \u00fc b\\|j@x.test (J\u00f6rg M.)|j@x.test(J\u00f6rg)"
                            + "|(a (\u00f6) b) j@x.test|(\u00f6\\) x) \u00dcnal \"\u00d6 z\" <\"o z\"@x.test>"
                            + "|L\u00e4ute: a@b, \"c d\"@e;|undisclosed: ;|J\u00f6rg|\"M, J\" J\u00f6rg <@a,@b:j@x.test>"
                            + "|=?utf-8?q?x?= \u00fc <a@b>|\"unclosed \u00fc <a@b>|(unclosed \u00fc|<unclosed"
                            + "|\"a\\\"\u00e4\\\\\" <a@b>|(c) \u00fc (d) <a@b>|,|a b c \u00fc d e \u00f6 <x@y>"
                            + "|\u00e4\"b\"\u00f6 <a@b>|\" \u00fc \" <a@b>|(\u00fc )a@b|( \u00fc)a@b|\u00fc@x.test"
                            + "|a <\u00fc@x.test>|\"\u00fc\"@x.test|<\">\u00e4\">")
                    .split("\\|");

    /** That many of them, the last. */
    private static final int REFUSED_ADDRESSES = 4;

    private static final String[] PARAMETERS =
            ("name=x.txt|name=\"\u00fc.txt\"|filename=Die Gr\u00fc\u00dfe.txt|filename*=utf-8''\u00fc%20a|x"
                            + "|name=\"a \\\"\u00e4\\\" b\"|name=\u00fc (comment)|filename=\""
                            + "Gr\u00f6\u00dfe ".repeat(30)
                            + ".txt\"|size=1|a-very-long-name-of-a-parameter-that-takes-most-of-a-line-for-itself=\u00fc....."
                            + "|filename=\"unclosed; \u00fc|charset=utf-8|charset=\"iso-8859-1\""
                            + "|name=\u65e5\u672c\u8a9e\u306e\u4ef6\u540d\u304c\u9577\u3044\u65e5\u672c\u8a9e|"
                            + "|filename*0=\u00fc|\u00fc|name=a (\u00fc)|=\u00fc|n\u00e4me=x|n/me=\u00fc")
                    .split("\\|");

    private static final int REFUSED_PARAMETERS = 6;

    private static final String[] PIECES =
            ("\r\n|\r\n\r\n|\n|\r|\0|\r\0\n| |\t|--|--b|--b--|--c|\u00fc|\u00c3\u00bc|\u00e2\u0082|=|=C3"
                            + "|=?utf-8?q?x?=|(|)|\"|<|>|@|,|;|:|\\|*|'|Content-Type:|multipart/mixed; boundary=b"
                            + "|multipart/digest; boundary=\"c\"|message/rfc822|text/plain|image/png|message/partial|; name="
                            + "|; boundary=|; filename*0=|Content-Transfer-Encoding:|base64|quoted-printable|8bit|binary"
                            + "|MIME-Version: 1.0\r\n|Subject:|From:|To: a |Message-ID:|Content-Disposition: attachment"
                            + "|Received:|x|y z|"
                            + "1234567890".repeat(120)
                            + "|\r\n--b\r\n|\r\n--c\r\n|Content-Type: multipart/mixed; boundary=b\r\n\r\n")
                    .split("\\|");

    private final Random random;
    private final boolean utf8;
    private int boundaries;

    private Corpus(long seed) {
        this.random = new Random(seed);
        this.utf8 = !one(4);
    }

    static String message(long seed) {
        Corpus corpus = new Corpus(seed);
        return corpus.one(6) ? corpus.soup() : corpus.damaged(corpus.headers() + corpus.entity(4, ""));
    }

    private boolean one(int in) {
        return random.nextInt(in) == 0;
    }

    private String any(String... choice) {
        return choice[random.nextInt(choice.length)];
    }

    /** In UTF-8, in ISO-8859-1 (what has no place there, in UTF-8 all the same), or in both. */
    private String octets(String text) {
        boolean latin1 = text.chars().allMatch(c -> c < 0x100) && (one(20) ? utf8 : !utf8);
        return latin1 ? text : Messages.text(text.getBytes(UTF_8));
    }

    private String soup() {
        StringBuilder soup = new StringBuilder();
        for (int i = random.nextInt(60); i >= 0; i--) {
            soup.append(any(PIECES));
        }
        return soup.toString();
    }

    /** Some of them with something missing, doubled or put in, or with other line ends. */
    private String damaged(String message) {
        int at = random.nextInt(message.length());
        int to = Math.min(message.length(), at + random.nextInt(40));
        return switch (random.nextInt(16)) {
            case 0 -> message.substring(0, at);
            case 1 -> message.substring(0, at) + message.substring(to);
            case 2 -> message.substring(0, to) + message.substring(at);
            case 3, 4 -> message.substring(0, at) + any(PIECES) + message.substring(at);
            case 5 -> message.replace("\r\n", "\n");
            case 6 -> message.replace("\r\n", "\r");
            case 7 -> message.replace("\r\n", "\r" + "\0".repeat(random.nextInt(70)) + "\n");
            case 8 -> message.replace("\r\n--", "\r\n-\0-");
            default -> message;
        };
    }

    // ---- header fields

    private String headers() {
        StringBuilder headers = new StringBuilder();
        for (int i = random.nextInt(7); i >= 0; i--) {
            headers.append(octets(field())).append("\r\n");
        }
        return headers + (one(2) ? "MIME-Version: 1.0\r\n" : "");
    }

    private String field() {
        return switch (random.nextInt(40)) {
            case 0 -> one(2)
                    ? any("no field", "X y: z", ": x", "X\t : \u00fc")
                    : any(
                            "no field \u00fc",
                            ": \u00fc",
                            "F\u00fc: x",
                            "no field",
                            "\u00e4",
                            "X\t : \u00fc",
                            "X y: \u00fc");
            case 1 -> any(
                    "Message-ID: <a@b>",
                    one(4)
                            ? any("Message-ID: <\u00fc@x>", "In-Reply-To: \u00fc", "References: <a@b> (\u00fc)")
                            : "References: <a@b>");
            case 2, 3, 4 -> any("Received: from ", "Date:", "Authentication-Results: x ") + "\u00f6 by\r\n\tx; date";
            case 5, 6 -> "DKIM-Signature: v=1; d=" + any("x.test", "\u00fc.test");
            case 7 -> "X-Long: " + (one(3) ? "\u00fc" : "x") + " y".repeat(random.nextInt(40_000));
            case 8 -> "X-Empty:" + any("", " ", " \r\n ", "\r\n\t\u00fc\r\n \r\n");
            case 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21 -> addresses();
            default -> any(
                            "Subject",
                            "SUBJECT ",
                            "Comments",
                            "X-Text",
                            "subject",
                            "X-A-Name-That-Is-Longer-Than-What-People-Would-Write")
                    + ":"
                    + any("", " ", "  ", "\t")
                    + text(any(" ", " ", "\r\n ", "  ", "\t"), 1 + random.nextInt(14));
        };
    }

    private String text(String between, int count) {
        StringBuilder text = new StringBuilder(any(WORDS));
        for (int i = 1; i < count; i++) {
            text.append(one(5) ? between : " ").append(any(WORDS));
        }
        return text.toString();
    }

    private String addresses() {
        StringBuilder list = new StringBuilder(
                any("To: ", "From:", "Cc: ", "Reply-To: ", "List-Id: ", "Resent-Sender: ", "sender: ", "Errors-To: "));
        for (int i = random.nextInt(3); i >= 0; i--) {
            list.append(ADDRESSES[random.nextInt(ADDRESSES.length - (one(16) ? 0 : REFUSED_ADDRESSES))])
                    .append(i > 0 ? any(",", ", ", ",\r\n\t", " ") : "");
        }
        return list.toString();
    }

    // ---- parts

    private String entity(int depth, String outer) {
        return switch (random.nextInt(depth == 0 ? 8 : 13)) {
            case 0 -> part(type("image/png"), any("binary", "base64", "8bit", ""), binary());
            case 1 -> part(
                    type(any("application/octet-stream", "message/global", "text/rtf")),
                    any("binary", "BINARY x"),
                    binary());
            case 2 -> part("", "", lines());
            case 3 -> part(type("text/plain"), "quoted-printable", lines().replace(" = ", "=\r\n"));
            case 4 -> part(type("text/plain"), "base64", "R3LDvMOf\u00fcZQ\r\n==\r\n" + (one(2) ? lines() : ""));
            case 5 -> part(
                    type(any(
                            "text/plain",
                            "TEXT/html",
                            "text/plain (c)",
                            "message/delivery-status",
                            "text",
                            "\"x\"",
                            "message/partial")),
                    any("8bit", "7bit", "", "x-unknown", "8BIT (as ever)"),
                    lines());
            case 6, 7 -> part(type("text/plain"), "8bit", lines());
            case 8 -> part(
                    type(any("message/rfc822", "message/rfc822", "Message/RFC822", "message/external-body")),
                    any("", "8bit", "7bit", "binary", "8bit", one(4) ? "base64" : "", one(8) ? "quoted-printable" : ""),
                    headers() + entity(depth - 1, outer));
            default -> multipart(depth);
        };
    }

    private String type(String type) {
        StringBuilder field = new StringBuilder("Content-Type: " + type);
        for (int i = random.nextInt(3); i > 0; i--) {
            field.append(any(";", "; ", ";\r\n ")).append(parameter());
        }
        if (one(4)) {
            field.append("\r\nContent-Disposition: attachment; ")
                    .append(parameter())
                    .append(any("", ";", "; size=1"));
        }
        return octets(field + (one(30) ? "\r\nContent-Type: x/y" : "") + "\r\n");
    }

    private String parameter() {
        return PARAMETERS[random.nextInt(PARAMETERS.length - (one(16) ? 0 : REFUSED_PARAMETERS))];
    }

    private String part(String type, String encoding, String body) {
        String label = encoding.isEmpty() ? "" : "Content-Transfer-Encoding: " + encoding + "\r\n";
        return (one(5) ? label + type : type + label) + (one(30) ? label : "") + (one(20) ? headers() : "") + "\r\n"
                + body;
    }

    private String lines() {
        StringBuilder lines = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            lines.append(
                            switch (random.nextInt(16)) {
                                case 0 -> "";
                                case 1 -> "space at the end \t ";
                                case 2 -> "\u0421\u044a\u0435\u0448\u044c \u0435\u0449\u0451 ".repeat(10);
                                case 3 -> (one(2) ? "x" : "\u00fc") + "abc def ".repeat(random.nextInt(700));
                                case 4 -> "=C3=BC \u00fc =\r\n= =\u00fc =3".repeat(4);
                                case 5 -> any(".", "--", "--b", "-- ", "From here", "\u007f\u0001", "\0\0", "a\rb\nc");
                                case 6, 7, 8, 9 -> "nothing in it but this " + random.nextInt(100);
                                default -> text(" ", random.nextInt(20));
                            })
                    .append(one(30) ? any("\n", "\r", "\r\0\n") : "\r\n");
        }
        return octets(one(3) ? lines.toString().replaceAll("[^\\x00-\\x7f]", "") : lines.toString());
    }

    private String binary() {
        byte[] binary = new byte[random.nextInt(one(8) ? 20_000 : 200)];
        random.nextBytes(binary);
        return one(4) ? Messages.text(binary).replaceAll("[^\\x00-\\x7f]", "") : Messages.text(binary);
    }

    private String multipart(int depth) {
        String boundary = any("b", "=_", "b b", "b") + boundaries++;
        StringBuilder parts = new StringBuilder();
        parts.append(any("", "", "", "preamble\r\n", octets("pre\u00e4mble\r\n")));
        for (int i = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(3); i > 0; i--) {
            parts.append("--")
                    .append(boundary)
                    .append(any("", "", "", " \t", one(9) ? "x" : ""))
                    .append("\r\n");
            parts.append(entity(depth - 1, boundary)).append(one(12) ? "" : "\r\n");
        }
        parts.append(one(6) ? "" : "--" + boundary + "--" + any("\r\n", "\r\n", "", " \r\n"));
        parts.append(any("", "", "", "epilogue", octets("\u00e4pilogue\r\n")));
        String type = "Content-Type: multipart/" + any("mixed", "alternative", "signed", "digest", "Mixed");
        String named = one(25) ? any("", "; boundary=\u00fc", "; boundary=") : "; boundary=\"" + boundary + "\"";
        return part(
                type + named + any("", "", octets("; x=\u00fc")) + "\r\n",
                any("", "7bit", "8bit", "binary"),
                parts.toString());
    }
}
