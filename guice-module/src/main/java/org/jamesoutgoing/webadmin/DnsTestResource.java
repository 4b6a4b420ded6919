/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jamesoutgoing.dns.DnsCheck;
import org.jamesoutgoing.routing.LayeredRoutes;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.webadmin.ErrorResponses.BadRequestException;
import spark.Request;
import spark.Response;

/** {@code /outgoing/dns/test}: what each DNS server of a domain's route answers. Thread-safe. */
final class DnsTestResource {

    private static final String DOMAIN = "domain";

    private final ServiceChoice choice;
    private final OutgoingServices services;

    DnsTestResource(ServiceChoice choice, OutgoingServices services) {
        this.choice = choice;
        this.services = services;
    }

    /** @param problem why there are no records, or no answer */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Reply(
            boolean reachable, boolean answersMx, List<String> records, Optional<String> problem, double milliseconds) {

        static Reply of(DnsCheck.Reply reply) {
            return new Reply(
                    reply.reachable(),
                    reply.answered(),
                    reply.records(),
                    Optional.of(reply.trouble()).filter(text -> !text.isEmpty()),
                    Milliseconds.of(reply.took()));
        }
    }

    /**
     * @param fallback whether it is asked only when the others do not answer
     * @param inventsNames whether it gives an address to a name that cannot exist
     * @param verdict in one line
     */
    record Server(String server, boolean fallback, Reply udp, Reply tcp, boolean inventsNames, String verdict) {

        static Server of(DnsCheck.Report report) {
            return new Server(
                    report.server(),
                    report.fallback(),
                    Reply.of(report.udp()),
                    Reply.of(report.tcp()),
                    report.inventsNames(),
                    verdict(report));
        }

        private static String verdict(DnsCheck.Report report) {
            if (!report.udp().reachable() && !report.tcp().reachable()) {
                return "cannot be reached: " + report.udp().trouble();
            }
            if (report.inventsNames()) {
                return "gives addresses to names that do not exist: mail to a mistyped domain waits instead of coming back";
            }
            if (!report.udp().answered() && !report.tcp().answered()) {
                return "does not answer MX questions: "
                        + (report.udp().reachable() ? report.udp() : report.tcp()).trouble();
            }
            if (!report.udp().answered()) {
                return "does not answer by UDP: every look-up fails here";
            }
            return report.tcp().answered() ? "good" : "does not answer by TCP: long answers are lost";
        }
    }

    /**
     * @param route the name of the domain's route, whose servers these are
     * @param agree whether all servers that answer give the same records
     * @param note where there is nothing to test
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record View(
            String domain, String queue, String route, List<Server> servers, boolean agree, Optional<String> note) {}

    View get(Request request, Response response) throws BadRequestException {
        return test(QueryParameters.of(request, List.of(DOMAIN, ServiceChoice.QUEUE))
                .texts(List.of(DOMAIN)));
    }

    View post(Request request, Response response) throws BadRequestException {
        return test(RequestBody.read(request, List.of(DOMAIN), List.of(ServiceChoice.QUEUE)));
    }

    private View test(Map<String, String> given) throws BadRequestException {
        RouteName domain = RouteName.parse(given.get(DOMAIN));
        if (!domain.isOneDomain()) {
            throw OptionException.wrong(DOMAIN, domain.text(), "one domain, whose exchangers are asked for");
        }
        OutgoingMailService service = choice.of(Optional.ofNullable(given.get(ServiceChoice.QUEUE)));
        LayeredRoutes routes = service.routes();
        RouteName route = routes.statics().match(domain.text());
        List<DnsCheck.Report> reports =
                services.checkDns(routes.of(route).dns(), domain.text()).join();
        return new View(
                domain.text(),
                service.settings().queueName(),
                route.text(),
                reports.stream().map(Server::of).toList(),
                agree(reports),
                reports.isEmpty()
                        ? Optional.of("this James has a DNS service of its own kind, which knows its servers alone")
                        : Optional.empty());
    }

    private static boolean agree(List<DnsCheck.Report> reports) {
        Set<Set<String>> answers = new HashSet<>();
        reports.stream()
                .flatMap(report -> Stream.of(report.udp(), report.tcp()))
                .filter(reply -> reply.answered() && !reply.trouble().equals(DnsCheck.TRUNCATED))
                .forEach(reply -> answers.add(Set.copyOf(reply.records())));
        return answers.size() <= 1;
    }
}
