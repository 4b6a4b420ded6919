/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.util.ArrayList;
import java.util.List;
import org.jamesoutgoing.sevenbit.HeaderLine.Word;

/**
 * A list of addresses (RFC 5322 §3.4) with octets above 127: display names and comments become encoded words. An address has
 * no such encoding (RFC 2047 §5).
 */
final class Phrases {

    private static final String SPECIALS = ",;:<(";

    private final String spelling;
    private final String value;
    private final String charset;
    private final List<Word> out = new ArrayList<>();

    /** The words since the last special: a phrase or an address. */
    private final List<Word> words = new ArrayList<>();

    private final List<String> contents = new ArrayList<>();
    private final StringBuilder gap = new StringBuilder();

    Phrases(HeaderField field, String charset) {
        this.spelling = field.spelling();
        this.value = field.value();
        this.charset = charset;
    }

    List<Word> convert() throws NotConvertibleException {
        int at = 0;
        while (at < value.length()) {
            char c = value.charAt(at);
            int end = at + 1;
            if (FieldConversion.isSpace(c)) {
                gap.append(c);
            } else if (c == '(') {
                end = Tokens.endOf(value, at);
                comment(value.substring(at, end));
            } else if (c == '<') {
                endWords(true);
                end = Tokens.endOf(value, at);
                angle(value.substring(at, end));
            } else if (SPECIALS.indexOf(c) >= 0) {
                endWords(c == ':');
                out.add(new Word(takeGap(), String.valueOf(c)));
            } else {
                end = endOfWord(at);
                word(value.substring(at, end));
            }
            at = end;
        }
        endWords(false);
        return out;
    }

    private int endOfWord(int start) {
        int at = start;
        while (at < value.length()
                && !FieldConversion.isSpace(value.charAt(at))
                && SPECIALS.indexOf(value.charAt(at)) < 0) {
            at = value.charAt(at) == '"' ? Tokens.endOf(value, at) : at + 1;
        }
        return at;
    }

    private void word(String word) {
        words.add(new Word(takeGap(), word));
        contents.add(said(word));
    }

    /** Without quotes. */
    private static String said(String word) {
        StringBuilder said = new StringBuilder();
        for (int at = 0; at < word.length(); ) {
            int end = word.charAt(at) == '"' ? Tokens.endOf(word, at) : at + 1;
            said.append(end > at + 1 ? Tokens.unquoted(word.substring(at, end)) : word.substring(at, end));
            at = end;
        }
        return said.toString();
    }

    /** A comment says nothing about what is around it, but words on its two sides are not neighbours. */
    private void comment(String comment) throws NotConvertibleException {
        if (Tokens.isSevenBit(comment)) {
            words.add(new Word(takeGap(), comment));
            contents.add(comment);
            return;
        }
        boolean first = true;
        for (Word word : FieldConversion.comment(comment, charset)) {
            words.add(first ? new Word(spaced(takeGap()), word.text()) : word);
            contents.add(word.text());
            first = false;
        }
    }

    private void angle(String angle) throws NotConvertibleException {
        if (!Tokens.isSevenBit(angle)) {
            throw new NotConvertibleException("8-bit octets in an address in " + spelling);
        }
        boolean afterEncoded = !out.isEmpty() && out.get(out.size() - 1).text().endsWith("?=");
        out.add(new Word(afterEncoded ? spaced(takeGap()) : takeGap(), angle));
    }

    /** @param phrase whether they are a name; if not, they are an address if there is an @ in them */
    private void endWords(boolean phrase) throws NotConvertibleException {
        boolean dirty = !contents.stream().allMatch(Tokens::isSevenBit);
        if (dirty && !phrase && words.stream().anyMatch(Phrases::isAddress)) {
            throw new NotConvertibleException("8-bit octets in an address in " + spelling);
        }
        List<Word> encoded = EncodedWords.encode(words, contents, charset);
        if (dirty && !encoded.isEmpty()) {
            Word first = encoded.get(0);
            out.add(new Word(out.isEmpty() ? first.gap() : spaced(first.gap()), first.text()));
            out.addAll(encoded.subList(1, encoded.size()));
        } else {
            out.addAll(encoded);
        }
        words.clear();
        contents.clear();
    }

    private static boolean isAddress(Word word) {
        return !word.text().startsWith("(") && word.text().indexOf('@') >= 0;
    }

    private String takeGap() {
        String taken = gap.toString();
        gap.setLength(0);
        return taken;
    }

    /** RFC 2047 §5 (3): an encoded word is separated from what is beside it. */
    private static String spaced(String gap) {
        return gap.isEmpty() ? " " : gap;
    }
}
