/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The phrase books, by language: {@code reasons.de.properties} in our JAR, and over it, key by key, the file of that name
 * in the administrator's directory. What a language does not have comes from what it falls back to, at last English.
 * Thread-safe; blocks on the disk.
 */
public final class Phrasebooks {
    private static final String NAME = "reasons";
    private static final String ENDING = ".properties";

    private final Map<String, Map<String, String>> builtIn = new HashMap<>();
    private final Optional<FileCache<Map<String, String>>> files;

    /** @param directory of the administrator's files, if there is one; it need not be there */
    public Phrasebooks(Optional<Path> directory) {
        List<String> languages = new ArrayList<>(BuiltInTemplates.LANGUAGES);
        languages.add(Language.ENGLISH.tag());
        for (String language : languages) {
            builtIn.put(
                    language,
                    parse(BuiltInTemplates.resource(fileName(language)).orElseThrow()));
        }
        this.files = directory.map(path -> new FileCache<>(path, (text, file) -> parse(text)));
    }

    public Phrasebook in(Language language) {
        Map<String, String> phrases = new HashMap<>(builtIn.get(Language.ENGLISH.tag()));
        phrases.putAll(file(Language.ENGLISH.tag()));
        List<Language> range = new ArrayList<>(language.range());
        Collections.reverse(range);
        for (Language each : range) {
            phrases.putAll(builtIn.getOrDefault(each.tag(), Map.of()));
            phrases.putAll(file(each.tag()));
        }
        return new Phrasebook(language.locale(), phrases);
    }

    /** Upper and lower case alike, {@code reasons.de-CH.properties}. */
    private Map<String, String> file(String language) {
        Map<String, String> phrases = new HashMap<>();
        files.ifPresent(cache -> {
            for (String file : cache.names()) {
                String name = file.toLowerCase(Locale.ROOT);
                if (name.equals(fileName(language)) || name.equals(NAME + "." + language + ENDING)) {
                    phrases.putAll(cache.get(file).orElse(Map.of()));
                }
            }
        });
        return phrases;
    }

    private static String fileName(String language) {
        return NAME + (language.equals(Language.ENGLISH.tag()) ? "" : "." + language) + ENDING;
    }

    private static Map<String, String> parse(String text) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        Map<String, String> phrases = new HashMap<>();
        properties
                .stringPropertyNames()
                .forEach(key -> phrases.put(key, properties.getProperty(key).strip()));
        return phrases;
    }
}
