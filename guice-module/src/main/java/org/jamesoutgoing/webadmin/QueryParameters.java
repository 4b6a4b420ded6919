/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jamesoutgoing.admin.MailFilter;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;

/** The parameters behind the {@code ?} of a request. One that is empty is not given. */
final class QueryParameters {

    private final Map<String, String> texts;

    private QueryParameters(Map<String, String> texts) {
        this.texts = texts;
    }

    /**
     * @param known the parameters that the request may have
     * @throws OptionException naming one that is none of them, with what was probably meant
     * @throws BadRequestException naming one that is given twice
     */
    static QueryParameters of(Request request, Collection<String> known) throws BadRequestException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : request.queryParams()) {
            if (!known.contains(name)) {
                throw OptionException.unknown(name, "parameter of this request", known);
            }
            String[] values = request.queryParamsValues(name);
            if (values.length > 1) {
                throw new BadRequestException("'" + name + "' is given " + values.length + " times; allowed: once");
            }
            if (!values[0].isBlank()) {
                texts.put(name, values[0].trim());
            }
        }
        return new QueryParameters(texts);
    }

    /**
     * All that are given.
     *
     * @throws BadRequestException naming one of {@code required} that is not
     */
    Map<String, String> texts(Collection<String> required) throws BadRequestException {
        for (String name : required) {
            if (!texts.containsKey(name)) {
                throw new BadRequestException("'" + name + "' is missing; allowed: ?" + name + "=…");
            }
        }
        return Map.copyOf(texts);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(texts.get(name));
    }

    /** @throws OptionException saying what is allowed */
    <T> Optional<T> read(String name, ValueType<T> type) {
        return text(name).map(text -> type.read(name, text));
    }

    /** @throws OptionException saying what is allowed */
    MailFilter filter() {
        Map<String, String> filter = new LinkedHashMap<>(texts);
        filter.keySet().retainAll(MailFilter.NAMES);
        return MailFilter.of(filter);
    }
}
