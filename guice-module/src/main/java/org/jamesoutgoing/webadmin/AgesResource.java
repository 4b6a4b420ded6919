/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.jamesoutgoing.admin.AgeTable;
import org.jamesoutgoing.admin.MailFilter;
import org.jamesoutgoing.queue.ListedMail;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.settings.ValueType;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;
import spark.Response;

/** {@code GET /outgoing/ages}: how old the mails of each domain are, as JSON or as qshape's table. Thread-safe. */
final class AgesResource {

    private static final String BUCKETS = "buckets";
    private static final List<String> PARAMETERS =
            List.of(MailFilter.STATE, ServiceChoice.QUEUE, Paging.LIMIT, BUCKETS);
    private static final ValueType<Integer> CLASSES = ValueType.number(2, 20);
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain";

    /** @param ages how many mails are of each age: younger than so many minutes, but not than the column before says */
    record Row(long mails, Map<String, Long> ages) {

        static Row of(AgeTable.Row row, List<Long> minutes) {
            Map<String, Long> ages = new LinkedHashMap<>();
            List<String> columns = columns(minutes);
            for (int i = 0; i < columns.size(); i++) {
                ages.put(columns.get(i), row.byAge().get(i));
            }
            return new Row(row.mails(), ages);
        }
    }

    /** @param total a mail to several domains counts once */
    record View(Row total, Map<String, Row> domains) {}

    private final ServiceChoice choice;
    private final JsonTransformer json;

    AgesResource(ServiceChoice choice, JsonTransformer json) {
        this.choice = choice;
        this.json = json;
    }

    String get(Request request, Response response) throws BadRequestException, JsonProcessingException {
        QueryParameters query = QueryParameters.of(request, PARAMETERS);
        MailFilter filter = query.filter();
        int classes = query.read(BUCKETS, CLASSES).orElse(AgeTable.CLASSES);
        int limit = Paging.limit(query);
        Collection<OutgoingMailService> services = choice.all(query.text(ServiceChoice.QUEUE));
        String type = Accept.choose(request, List.of(JSON, TEXT))
                .orElseThrow(() -> ErrorResponses.notAcceptable("allowed: " + JSON + ", " + TEXT));
        Instant now = services.iterator().next().view().now();
        AgeTable table =
                AgeTable.of(() -> matching(services, filter, now), now, classes).cut(limit);
        response.type(type.equals(TEXT) ? TEXT + "; charset=us-ascii" : JSON);
        return type.equals(TEXT) ? text(table) : json.render(view(table));
    }

    private static Iterator<ListedMail> matching(
            Collection<OutgoingMailService> services, MailFilter filter, Instant now) {
        return services.stream()
                .flatMap(service -> service.ledger().mails("").stream())
                .filter(mail -> filter.matches(mail, now))
                .iterator();
    }

    private static View view(AgeTable table) {
        Map<String, Row> domains = new LinkedHashMap<>();
        table.domains().forEach(row -> domains.put(row.name(), Row.of(row, table.minutes())));
        return new View(Row.of(table.total(), table.minutes()), domains);
    }

    /** {@code 5}, {@code 10} … {@code 1280}, {@code 1280+}. */
    private static List<String> columns(List<Long> minutes) {
        List<String> columns = new ArrayList<>();
        minutes.forEach(bound -> columns.add(bound.toString()));
        columns.add(minutes.get(minutes.size() - 1) + "+");
        return columns;
    }

    private static String text(AgeTable table) {
        List<List<String>> lines = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("", "T"));
        head.addAll(columns(table.minutes()));
        lines.add(head);
        lines.add(line(table.total()));
        table.domains().forEach(row -> lines.add(line(row)));
        int[] widths = new int[head.size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                text.append(i == 0 ? "" : " ")
                        .append(" ".repeat(widths[i] - line.get(i).length()))
                        .append(line.get(i));
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static List<String> line(AgeTable.Row row) {
        List<String> line = new ArrayList<>();
        // Names come from the network: whatever is in them, it stays one column.
        line.add(row.name().replaceAll("[^\\x21-\\x7e]", "?"));
        line.add(Long.toString(row.mails()));
        row.byAge().forEach(count -> line.add(count.toString()));
        return line;
    }
}
