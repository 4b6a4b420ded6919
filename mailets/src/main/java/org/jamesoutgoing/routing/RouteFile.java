/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.routing;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.Origin;

/**
 * Reads {@code outgoing-routes.xml}.
 *
 * <pre>{@code
 * <routes>
 *   <route domain="sales.example.com">
 *     <relayHosts>mail.sales.example.com</relayHosts>
 *     <queueLifetime>10d</queueLifetime>
 *   </route>
 *   <route domain="*.example.com">…</route>
 * </routes>
 * }</pre>
 *
 * <p>Not with James's ConfigurationProvider: that one fetches external entities, puts the values of variables in place of
 * {@code ${env:…}}, and knows no line numbers.
 */
public final class RouteFile {

    /** Something in the file cannot be used. Its message is one line that names file, line, route and field. */
    public static final class BadFileException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        BadFileException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static final String DOMAIN = "domain";
    private static final int MAX_TEXT = 80;

    private final String file;
    private final XMLStreamReader xml;
    private final Map<RouteName, Integer> lines = new HashMap<>();
    private final List<StaticRoute> routes = new ArrayList<>();

    private RouteFile(String file, XMLStreamReader xml) {
        this.file = file;
        this.xml = xml;
    }

    /**
     * Its routes.
     *
     * @param file how to call it in messages
     * @throws BadFileException when a route in it, or the file as a whole, cannot be used
     */
    public static List<StaticRoute> read(String file, byte[] octets) {
        // Java's own, not the one that happens to lie on James's class path.
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try {
            RouteFile reader = new RouteFile(file, factory.createXMLStreamReader(new ByteArrayInputStream(octets)));
            reader.document();
            return List.copyOf(reader.routes);
        } catch (XMLStreamException e) {
            throw new BadFileException(
                    file + ", line "
                            + (e.getLocation() == null ? 1 : e.getLocation().getLineNumber())
                            + ": this is not well-formed XML: " + withoutPosition(e.getMessage()),
                    e);
        }
    }

    private void document() throws XMLStreamException {
        next("before <routes>");
        if (!xml.getLocalName().equals("routes")) {
            throw here("<" + name() + "> is not known here; allowed: <routes>");
        }
        requireAttributes("<routes>", List.of());
        while (next("between routes") == XMLStreamConstants.START_ELEMENT) {
            if (!xml.getLocalName().equals("route")) {
                throw here("<" + name() + "> is not known here; allowed: <route domain=\"…\">");
            }
            route();
        }
        while (xml.hasNext()) {
            xml.next();
        }
    }

    private void route() throws XMLStreamException {
        int line = xml.getLocation().getLineNumber();
        String domain = xml.getAttributeValue(null, DOMAIN);
        if (domain == null) {
            throw here("<route> has no 'domain'; allowed: " + RouteName.ALLOWED);
        }
        String subject = "route '" + oneLine(domain) + "'";
        requireAttributes(subject, List.of(DOMAIN));
        RouteName name = read(line, subject, () -> RouteName.parse(domain));
        Integer other = lines.put(name, line);
        if (other != null) {
            throw at(line, subject + ": 'domain' is the same as in line " + other + "; allowed: one route for each");
        }
        OptionValues values = options(subject);
        read(line, subject, () -> {
            values.checkSecrets();
            return routes.add(new StaticRoute(name, Origin.FILE, values));
        });
    }

    private OptionValues options(String subject) throws XMLStreamException {
        Map<String, String> texts = new LinkedHashMap<>();
        while (next("between the options of " + subject) == XMLStreamConstants.START_ELEMENT) {
            String option = xml.getLocalName();
            int line = xml.getLocation().getLineNumber();
            requireAttributes(subject + ": '" + option + "'", List.of());
            String text = text(subject, option);
            // Each for itself, for the line.
            read(line, subject, () -> OptionValues.of(Map.of(option, text)));
            if (texts.put(option, text) != null) {
                throw at(
                        line, subject + ": '" + option + "' is given twice; allowed: once, several values with commas");
            }
        }
        return OptionValues.of(texts);
    }

    /** What stands in an option's element, and nothing but text may. */
    private String text(String subject, String option) throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        while (xml.next() != XMLStreamConstants.END_ELEMENT) {
            if (xml.isStartElement()) {
                throw here(subject + ": '" + option + "' has <" + name() + "> in it; allowed: text");
            }
            if (xml.isCharacters()) {
                text.append(xml.getText());
            }
        }
        return text.toString().trim();
    }

    /** The next beginning or end of an element. */
    private int next(String where) throws XMLStreamException {
        int event = xml.next();
        while (event != XMLStreamConstants.START_ELEMENT && event != XMLStreamConstants.END_ELEMENT) {
            if (event == XMLStreamConstants.DTD) {
                throw here("a document type is not allowed");
            }
            if (xml.isCharacters() && !xml.isWhiteSpace()) {
                throw here("there is '" + oneLine(xml.getText()) + "' " + where + "; allowed: elements");
            }
            event = xml.next();
        }
        return event;
    }

    private void requireAttributes(String subject, List<String> known) {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            String attribute = xml.getAttributeLocalName(i);
            if (!known.contains(attribute)) {
                throw here(subject + " has an attribute '" + attribute + "'; allowed: "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
        }
    }

    private interface Reading<T> {
        T read();
    }

    private <T> T read(int line, String subject, Reading<T> reading) {
        try {
            return reading.read();
        } catch (OptionException e) {
            throw new BadFileException(file + ", line " + line + ", " + subject + ": " + e.getMessage(), e);
        }
    }

    private BadFileException here(String problem) {
        return at(xml.getLocation().getLineNumber(), problem);
    }

    private BadFileException at(int line, String problem) {
        return new BadFileException(file + ", line " + line + ", " + problem, null);
    }

    private String name() {
        return oneLine(xml.getLocalName());
    }

    private static String oneLine(String text) {
        String line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        return line.length() > MAX_TEXT ? line.substring(0, MAX_TEXT) + "…" : line;
    }

    /** The parser writes "ParseError at [row,col]:[1,2]" and "Message: …" in two lines. */
    private static String withoutPosition(String message) {
        return oneLine(message.replaceFirst("(?s)^ParseError at .*?Message: ", ""));
    }
}
