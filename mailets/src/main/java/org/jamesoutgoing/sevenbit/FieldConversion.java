/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jamesoutgoing.sevenbit.HeaderLine.Word;

/**
 * A header field with octets above 127 as one without. Text, phrases and comments become encoded words (RFC 2047 §5),
 * parameters extended ones (RFC 2231). What only programs read, and do not need, loses the octets. For addresses and
 * identifiers there is no encoding.
 */
final class FieldConversion {

    private static final Set<String> ADDRESSES = Set.of(
            "from",
            "to",
            "cc",
            "bcc",
            "sender",
            "reply-to",
            "resent-from",
            "resent-to",
            "resent-cc",
            "resent-bcc",
            "resent-sender",
            "resent-reply-to",
            "return-path",
            "errors-to",
            "disposition-notification-to",
            "return-receipt-to",
            "mail-followup-to",
            "mail-reply-to",
            "list-id",
            "list-help",
            "list-unsubscribe",
            "list-subscribe",
            "list-post",
            "list-owner",
            "list-archive");

    private static final Set<String> WITH_PARAMETERS = Set.of("content-type", "content-disposition");

    private static final Set<String> IDENTIFIERS =
            Set.of("message-id", "resent-message-id", "in-reply-to", "references", "content-id");

    private static final Set<String> FOR_PROGRAMS = Set.of(
            "received",
            "date",
            "resent-date",
            "mime-version",
            "content-transfer-encoding",
            "content-md5",
            "dkim-signature",
            "domainkey-signature",
            "arc-seal",
            "arc-message-signature",
            "arc-authentication-results",
            "authentication-results",
            "received-spf");

    private final HeaderField field;
    private final String charset;

    private FieldConversion(HeaderField field) {
        this.field = field;
        this.charset = Utf8.charset(Utf8.isValid(field.value()));
    }

    /** The field, folded and with its line end. */
    static byte[] convert(HeaderField field) throws NotConvertibleException {
        return new FieldConversion(field).convert().getBytes(ISO_8859_1);
    }

    private String convert() throws NotConvertibleException {
        String name = field.name();
        if (name.isEmpty()) {
            throw new NotConvertibleException("8-bit octets in a header line that is no field");
        } else if (IDENTIFIERS.contains(name)) {
            throw new NotConvertibleException("8-bit octets in " + field.spelling());
        } else if (FOR_PROGRAMS.contains(name)) {
            return new String(field.raw(), ISO_8859_1).replaceAll("[\\x80-\\xff]", "?");
        }
        HeaderLine line = new HeaderLine(field.spelling());
        if (ADDRESSES.contains(name)) {
            line.add(new Phrases(field, charset).convert());
        } else if (WITH_PARAMETERS.contains(name)) {
            line.add(withParameters());
        } else {
            line.add(text(field.value(), charset));
        }
        return line.complete();
    }

    /** Unstructured text (RFC 5322 §2.2.1). */
    static List<Word> text(String text, String charset) {
        List<Word> words = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int start = at;
            while (start < text.length() && isSpace(text.charAt(start))) {
                start++;
            }
            int end = start;
            while (end < text.length() && !isSpace(text.charAt(end))) {
                end++;
            }
            words.add(new Word(text.substring(at, start), text.substring(start, end)));
            at = end;
        }
        return EncodedWords.encode(words, words.stream().map(Word::text).toList(), charset);
    }

    static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /** A comment, parentheses included. One in another is encoded as it is. */
    static List<Word> comment(String comment, String charset) {
        int close = comment.length() > 1 && comment.endsWith(")") ? comment.length() - 1 : comment.length();
        String inner = comment.substring(1, close);
        String plain = Tokens.unescaped(inner);
        List<Word> words = new ArrayList<>(
                plain.equals(inner) && inner.indexOf('(') < 0 && inner.indexOf(')') < 0
                        ? text(inner, charset)
                        : EncodedWords.encode(plain, charset).stream()
                                .map(word -> new Word(" ", word))
                                .toList());
        Word first = words.get(0);
        words.set(0, new Word(" ", "(" + first.gap().strip() + first.text()));
        Word last = words.get(words.size() - 1);
        words.set(words.size() - 1, new Word(last.gap(), last.text() + ")"));
        return words;
    }

    private List<Word> withParameters() throws NotConvertibleException {
        List<String> pieces = Parameters.of(field.value()).pieces();
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < pieces.size(); i++) {
            String piece = pieces.get(i).strip();
            if (Tokens.isSevenBit(piece)) {
                words.add(new Word(" ", piece));
            } else if (i == 0) {
                throw new NotConvertibleException("8-bit octets in " + field.spelling());
            } else {
                words.addAll(ExtendedParameter.of(piece, charset, field.spelling()));
            }
            if (i < pieces.size() - 1) {
                Word last = words.get(words.size() - 1);
                words.set(words.size() - 1, new Word(last.gap(), last.text() + ";"));
            }
        }
        return words;
    }
}
