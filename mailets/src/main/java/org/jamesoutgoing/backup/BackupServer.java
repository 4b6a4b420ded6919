/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import com.github.benmanes.caffeine.cache.Ticker;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.inject.Inject;
import javax.inject.Singleton;
import org.apache.james.core.MailAddress;
import org.apache.james.domainlist.api.DomainList;
import org.apache.james.domainlist.api.DomainListException;
import org.jamesoutgoing.backup.BackupDomains.BackupDomain;
import org.jamesoutgoing.routing.BackupRecipients;
import org.jamesoutgoing.routing.LocalParts;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RecipientFile;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.routing.StaticRoutes;
import org.jamesoutgoing.service.OutgoingMailService;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.service.RouteRegistry;
import org.jamesoutgoing.settings.OptionException;
import org.jamesoutgoing.settings.Origin;
import org.jamesoutgoing.smtp.RecipientInquirer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This James as a backup mail server: which recipients it takes from anyone. Those of exactly the domains that have a backup
 * route and are not its own. Thread-safe.
 */
@Singleton
public final class BackupServer implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(BackupServer.class);

    /** What becomes of a recipient that somebody unknown names. */
    public enum Decision {
        /** None of ours: whatever James does without us. */
        NOT_BACKUP,
        /** Ours to take. */
        TAKEN,
        /** Its domain would be ours, but it may be meant for another host. */
        COULD_ROUTE,
        /** Its domain is ours, and has no such recipient. */
        UNKNOWN,
        /** Nobody knows just now. */
        LATER
    }

    private final Supplier<StaticRoutes> routes;
    private final DomainList localDomains;
    private final Supplier<Optional<RecipientQuestions.Way>> way;
    private final Consumer<OptionValues> runtimeReads;

    /** Guarded by {@code this}; both there or none. */
    private RecipientInquirer inquirer;

    private RecipientQuestions questions;

    @Inject
    BackupServer(RouteRegistry registry, DomainList localDomains, OutgoingServices services) {
        this(
                registry::current,
                localDomains,
                () -> anyOf(services.services()).map(BackupServer::way),
                services::checkReads);
    }

    /** @param runtimeReads throws {@link OptionException} for what a route made at run time may not have read */
    BackupServer(
            Supplier<StaticRoutes> routes,
            DomainList localDomains,
            Supplier<Optional<RecipientQuestions.Way>> way,
            Consumer<OptionValues> runtimeReads) {
        this.routes = routes;
        this.localDomains = localDomains;
        this.way = way;
        this.runtimeReads = runtimeReads;
    }

    /** Which one it is matters little: each knows the way to the main server. */
    private static Optional<OutgoingMailService> anyOf(SortedMap<String, OutgoingMailService> running) {
        return OutgoingServices.meant(running, Optional.empty())
                .or(() -> running.values().stream().findFirst());
    }

    private static RecipientQuestions.Way way(OutgoingMailService service) {
        return new RecipientQuestions.Way() {
            @Override
            public Route routeOf(String domain) {
                return service.routes().of(domain);
            }

            @Override
            public Resolution resolve(String domain) {
                return service.resolve(domain);
            }
        };
    }

    /** Whether mail for this recipient may pass to its domain's main server, whoever it is from. */
    public boolean serves(MailAddress recipient) {
        return domainOf(recipient).isPresent() && !LocalParts.couldRoute(recipient.getLocalPart());
    }

    /** The same, and whether the recipient is a valid one. Blocks, a few seconds at most. */
    public Decision judge(MailAddress recipient) {
        Optional<BackupDomain> domain = domainOf(recipient);
        if (domain.isEmpty()) {
            return Decision.NOT_BACKUP;
        }
        if (LocalParts.couldRoute(recipient.getLocalPart())) {
            return Decision.COULD_ROUTE;
        }
        BackupRecipients recipients = domain.get().recipients();
        if (recipients instanceof BackupRecipients.Listed list) {
            return list.has(recipient.getLocalPart()) ? Decision.TAKEN : Decision.UNKNOWN;
        }
        if (recipients instanceof RecipientFile file) {
            return listed(recipient, domain.get(), file);
        }
        return recipients instanceof BackupRecipients.Ask ? asked(recipient) : Decision.TAKEN;
    }

    private Optional<BackupDomain> domainOf(MailAddress recipient) {
        try {
            return localDomains.containsDomain(recipient.getDomain())
                    ? Optional.empty()
                    : new BackupDomains(routes.get()).find(recipient.getDomain().asString());
        } catch (DomainListException e) {
            LOGGER.warn("it cannot be told whether {} is a domain of this server", recipient.getDomain(), e);
            return Optional.empty();
        }
    }

    private Decision listed(MailAddress recipient, BackupDomain domain, RecipientFile file) {
        try {
            routes.get()
                    .get(domain.name())
                    .filter(route -> route.origin() == Origin.RUNTIME)
                    .map(StaticRoute::values)
                    .ifPresent(runtimeReads);
            return file.has(recipient.getLocalPart(), domain.name()) ? Decision.TAKEN : Decision.UNKNOWN;
        } catch (IOException e) {
            LOGGER.error("the recipients of the backup route {} cannot be read from {}", domain.name(), file, e);
            return Decision.LATER;
        } catch (OptionException e) {
            LOGGER.error("the recipients of the backup route {} are not read: {}", domain.name(), e.getMessage());
            return Decision.LATER;
        }
    }

    private Decision asked(MailAddress recipient) {
        return way.get()
                .map(found -> questions().ask(recipient, found))
                .map(answer -> switch (answer) {
                    case TAKEN -> Decision.TAKEN;
                    case REFUSED -> Decision.UNKNOWN;
                    case LATER -> Decision.LATER;
                })
                .orElse(Decision.TAKEN);
    }

    private synchronized RecipientQuestions questions() {
        if (questions == null) {
            inquirer = new RecipientInquirer(ForkJoinPool.commonPool());
            questions = new RecipientQuestions(inquirer::ask, ForkJoinPool.commonPool(), Ticker.systemTicker());
        }
        return questions;
    }

    /** Ends the connections to main servers; asked again, it opens new ones. */
    @Override
    public synchronized void close() {
        if (inquirer != null) {
            inquirer.close();
            inquirer = null;
            questions = null;
        }
    }
}
