/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.dsn.template;

import com.github.mustachejava.Binding;
import com.github.mustachejava.Code;
import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Iteration;
import com.github.mustachejava.MustacheException;
import com.github.mustachejava.ObjectHandler;
import com.github.mustachejava.TemplateContext;
import com.github.mustachejava.util.Wrapper;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/**
 * mustache.java without all that reaches beyond a template: it includes no files, and sees texts, conditions and lists
 * in maps, no fields and methods of objects.
 */
final class Mustaches extends DefaultMustacheFactory {
    /** How values are written. */
    enum Escaping {
        NONE,
        HTML
    }

    private final Escaping escaping;

    Mustaches(Escaping escaping) {
        this.escaping = escaping;
        setObjectHandler(new MapsOnly());
    }

    @Override
    public Reader getReader(String name) {
        throw new MustacheException("a template cannot include another one: " + name);
    }

    @Override
    public void encode(String value, Writer writer) {
        try {
            if (escaping == Escaping.HTML) {
                escape(value, writer);
            } else {
                writer.write(value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Text as it may stand between tags and in the quotes of an attribute, in HTML and in XHTML. */
    private static void escape(String text, Writer writer) throws IOException {
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            switch (point) {
                case '&' -> writer.write("&amp;");
                case '<' -> writer.write("&lt;");
                case '>' -> writer.write("&gt;");
                case '"' -> writer.write("&quot;");
                case '\'' -> writer.write("&#39;");
                case '`' -> writer.write("&#96;");
                default -> writer.write(isAllowed(point) ? Character.toString(point) : "\ufffd");
            }
        }
    }

    /** The Char of XML 1.0 §2.2, which leaves out a little more than HTML does. */
    private static boolean isAllowed(int point) {
        boolean control = (point < ' ' && point != '\t' && point != '\n') || (point >= 0x7f && point <= 0x9f);
        boolean surrogate = point >= 0xd800 && point <= 0xdfff;
        boolean noCharacter = (point & 0xfffe) == 0xfffe;
        return !control && !surrogate && !noCharacter;
    }

    private static final class MapsOnly implements ObjectHandler {
        /** The innermost scope that has the name; a scope may also be a text, which has none. */
        private static Object valueOf(String name, List<Object> scopes) {
            for (int i = scopes.size() - 1; i >= 0; i--) {
                if (scopes.get(i) instanceof Map<?, ?> map && map.containsKey(name)) {
                    return map.get(name);
                }
            }
            return null;
        }

        private static boolean isFalse(Object value) {
            return value == null
                    || value.equals(Boolean.FALSE)
                    || value.equals("")
                    || (value instanceof List<?> list && list.isEmpty());
        }

        @Override
        public Wrapper find(String name, List<Object> scopes) {
            return all -> valueOf(name, all);
        }

        @Override
        public Binding createBinding(String name, TemplateContext context, Code code) {
            return scopes -> valueOf(name, scopes);
        }

        @Override
        public Object coerce(Object value) {
            return value;
        }

        @Override
        public Writer iterate(Iteration iteration, Writer writer, Object value, List<Object> scopes) {
            if (isFalse(value)) {
                return writer;
            }
            Writer written = writer;
            for (Object one : value instanceof List<?> list ? list : List.of(value)) {
                written = iteration.next(written, one, scopes);
            }
            return written;
        }

        @Override
        public Writer falsey(Iteration iteration, Writer writer, Object value, List<Object> scopes) {
            return isFalse(value) ? iteration.next(writer, value, scopes) : writer;
        }

        @Override
        public String stringify(Object value) {
            return value instanceof String text ? text : "";
        }
    }
}
