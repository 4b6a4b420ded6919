/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.backup;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.james.core.MailAddress;
import org.jamesoutgoing.routing.AddressLiterals;
import org.jamesoutgoing.routing.NextHop;
import org.jamesoutgoing.routing.Resolution;
import org.jamesoutgoing.routing.Route;
import org.jamesoutgoing.smtp.ConnectionSettings;
import org.jamesoutgoing.smtp.RecipientAnswer;
import org.jamesoutgoing.smtp.SmtpHost;
import org.jamesoutgoing.smtp.Timeouts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks main servers whether they would take mail for a recipient, while the client that names the recipient waits:
 *
 * <ol>
 *   <li>what was answered before counts for a while: yes for ten minutes, no for one;
 *   <li>a main server that could not be reached is left alone for a minute, and so are the clients: all recipients pass;
 *   <li>the hosts of the route are asked one after the other until one is reached, five seconds in all.
 * </ol>
 *
 * <p>Only a clear no keeps a recipient out. Thread-safe.
 */
final class RecipientQuestions {

    private static final Logger LOGGER = LoggerFactory.getLogger(RecipientQuestions.class);

    static final Duration TIME = Duration.ofSeconds(5);
    static final Duration TAKEN_COUNTS = Duration.ofMinutes(10);
    static final Duration OTHERS_COUNT = Duration.ofMinutes(1);
    static final Duration MAIN_SERVER_COUNTS = Duration.ofSeconds(30);
    private static final int KEPT = 20_000;
    private static final int AT_ONCE = 16;

    /** Whether a recipient of a backup domain is let in. */
    enum Answer {
        TAKEN,
        REFUSED,
        /** Too many questions at once. */
        LATER
    }

    /** How the main server is found. */
    interface Way {
        Route routeOf(String domain);

        /** May block. */
        Resolution resolve(String domain);
    }

    /** {@link org.jamesoutgoing.smtp.RecipientInquirer#ask}. */
    interface Inquirer {
        CompletableFuture<RecipientAnswer> ask(SmtpHost host, ConnectionSettings settings, String recipient);
    }

    private record Domain(String name, Route route) {}

    private record Question(NextHop mainServer, String recipient) {}

    private final Inquirer inquirer;
    private final Executor blocking;
    private final AsyncCache<Domain, Resolution> mainServers;
    private final AsyncCache<Question, Answer> answers;
    private final Cache<NextHop, String> silent;
    private final Semaphore permits = new Semaphore(AT_ONCE);

    /**
     * @param blocking finds the main servers
     * @param ticker drives what is remembered
     */
    RecipientQuestions(Inquirer inquirer, Executor blocking, Ticker ticker) {
        this.inquirer = inquirer;
        this.blocking = blocking;
        this.mainServers = Caffeine.newBuilder()
                .maximumSize(KEPT)
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfterWrite(MAIN_SERVER_COUNTS)
                .buildAsync();
        this.answers = Caffeine.newBuilder()
                .maximumSize(KEPT)
                .ticker(ticker)
                .executor(Runnable::run)
                .expireAfter(Expiry.<Question, Answer>creating((question, answer) -> switch (answer) {
                    case TAKEN -> TAKEN_COUNTS;
                    case REFUSED -> OTHERS_COUNT;
                    case LATER -> Duration.ZERO;
                }))
                .buildAsync();
        this.silent = Caffeine.newBuilder()
                .maximumSize(KEPT)
                .ticker(ticker)
                .expireAfterWrite(OTHERS_COUNT)
                .build();
    }

    /** Blocks, {@link #TIME} at most. */
    Answer ask(MailAddress recipient, Way way) {
        String domain = recipient.getDomain().asString();
        Route route = way.routeOf(domain);
        return mainServers
                .get(
                        new Domain(domain, route),
                        (asked, executor) -> CompletableFuture.supplyAsync(() -> way.resolve(domain), blocking))
                .thenCompose(resolution -> answer(recipient, route, resolution))
                .exceptionally(e -> {
                    LOGGER.error("Cannot ask about the recipient {}", recipient, e);
                    return Answer.TAKEN;
                })
                .completeOnTimeout(Answer.TAKEN, TIME.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    private CompletableFuture<Answer> answer(MailAddress recipient, Route route, Resolution resolution) {
        if (resolution instanceof Resolution.Undeliverable) {
            return CompletableFuture.completedFuture(Answer.REFUSED);
        }
        if (!(resolution instanceof Resolution.Towards towards)) {
            return CompletableFuture.completedFuture(Answer.TAKEN);
        }
        String address = AddressLiterals.onTheWire(recipient);
        Question question = new Question(towards.nextHop(), address.toLowerCase(Locale.ROOT));
        CompletableFuture<Answer> known = answers.getIfPresent(question);
        if (known != null) {
            return known.copy();
        }
        if (silent.getIfPresent(towards.nextHop()) != null) {
            return CompletableFuture.completedFuture(Answer.TAKEN);
        }
        ConnectionSettings settings = route.connection().withTimeouts(Timeouts.all(TIME));
        return answers.get(question, (asked, executor) -> ask(question, address, towards.hosts(), settings))
                .copy();
    }

    private CompletableFuture<Answer> ask(
            Question question, String address, List<SmtpHost> hosts, ConnectionSettings settings) {
        if (!permits.tryAcquire()) {
            return CompletableFuture.completedFuture(Answer.LATER);
        }
        return firstReached(hosts, settings, address)
                .whenComplete((answer, failure) -> permits.release())
                .thenApply(answer -> remember(question, answer));
    }

    private CompletableFuture<RecipientAnswer> firstReached(
            List<SmtpHost> hosts, ConnectionSettings settings, String address) {
        return inquirer.ask(hosts.get(0), settings, address)
                .thenCompose(answer -> answer instanceof RecipientAnswer.Unreachable && hosts.size() > 1
                        ? firstReached(hosts.subList(1, hosts.size()), settings, address)
                        : CompletableFuture.completedFuture(answer));
    }

    private Answer remember(Question question, RecipientAnswer answer) {
        if (answer instanceof RecipientAnswer.Refused refused) {
            LOGGER.info(
                    "backup recipient={} refused by={}: {}",
                    question.recipient(),
                    question.mainServer(),
                    refused.reply());
            return Answer.REFUSED;
        }
        if (answer instanceof RecipientAnswer.Unreachable unreachable) {
            LOGGER.info(
                    "backup main-server={} cannot be asked, recipients pass for {} s: {}",
                    question.mainServer(),
                    OTHERS_COUNT.toSeconds(),
                    unreachable.why());
            silent.put(question.mainServer(), unreachable.why());
        }
        return Answer.TAKEN;
    }
}
