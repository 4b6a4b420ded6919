/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.sevenbit;

import java.util.ArrayList;
import java.util.List;
import org.jamesoutgoing.sevenbit.EncodedWords.Word;

/**
 * A list of addresses (RFC 5322 §3.4) with octets above 127: display names and comments become encoded words. An address has
 * no such encoding (RFC 2047 §5).
 */
final class Phrases {

    private static final String SPECIALS = ",;:<";

    private final HeaderField field;
    private final String charset;
    private final List<Word> out = new ArrayList<>();

    /** The words since the last special: a phrase or an address. */
    private final List<Word> words = new ArrayList<>();

    Phrases(HeaderField field, String charset) {
        this.field = field;
        this.charset = charset;
    }

    List<Word> convert() throws NotConvertibleException {
        String value = field.value();
        for (int from = 0, end; from < value.length(); from = end) {
            int at = from;
            while (" \t".indexOf(value.charAt(at)) >= 0) { // The value does not end with white space.
                at++;
            }
            char c = value.charAt(at);
            end = c == '(' || c == '<'
                    ? Tokens.endOf(value, at)
                    : Math.max(at + 1, Tokens.find(SPECIALS + "( \t", value, at));
            String text = value.substring(at, end);
            Word word = new Word(value.substring(from, at), text);
            if (c == '(') {
                comment(word);
            } else if (SPECIALS.indexOf(c) < 0) {
                words.add(new Word(word.gap(), text, said(text)));
            } else {
                endWords(c == '<' || c == ':');
                boolean behindEncoded =
                        !out.isEmpty() && out.get(out.size() - 1).text().endsWith("?=");
                out.add(c == '<' && behindEncoded ? word.spaced() : word);
            }
        }
        endWords(false);
        refuse(!out.stream().allMatch(Word::isSevenBit));
        return out;
    }

    /** Without quotes. */
    private static String said(String word) {
        StringBuilder said = new StringBuilder();
        for (int at = 0, end; at < word.length(); at = end) {
            end = word.charAt(at) == '"' ? Tokens.endOf(word, at) : at + 1;
            String piece = word.substring(at, end);
            said.append(end > at + 1 ? Tokens.unescaped(Tokens.inner(piece, '"')) : piece);
        }
        return said.toString();
    }

    /** A comment says nothing about what is around it. One in another is encoded as it is. */
    private void comment(Word comment) {
        if (comment.isSevenBit()) {
            words.add(comment);
            return;
        }
        String inner = Tokens.inner(comment.text(), ')');
        String plain = Tokens.unescaped(inner);
        List<Word> said = plain.equals(inner) && inner.matches("(?s)[^()]*")
                ? EncodedWords.encode(inner, charset)
                : EncodedWords.encode(List.of(new Word(" ", plain)), charset);
        int last = said.size() - 1;
        said.set(last, new Word(said.get(last).gap(), said.get(last).text() + ")"));
        said.set(0, new Word(comment.gap(), "(" + said.get(0).text()).spaced());
        words.addAll(said);
    }

    /** @param phrase whether they are a name; if not, they are an address if there is an @ in them */
    private void endWords(boolean phrase) throws NotConvertibleException {
        boolean dirty = !words.stream().allMatch(Word::isSevenBit);
        refuse(dirty && !phrase && words.stream().anyMatch(word -> word.text().matches("(?s)[^(].*@.*|@.*")));
        List<Word> encoded = EncodedWords.encode(words, charset);
        if (dirty && !out.isEmpty()) {
            out.add(encoded.remove(0).spaced());
        }
        out.addAll(encoded);
        words.clear();
    }

    private void refuse(boolean eightBitAddress) throws NotConvertibleException {
        if (eightBitAddress) {
            throw new NotConvertibleException("8-bit octets in an address in " + field.spelling());
        }
    }
}
