/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import com.google.inject.Inject;
import java.io.FileNotFoundException;
import java.time.Clock;
import java.util.function.Supplier;
import org.apache.commons.configuration2.BaseConfiguration;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.james.task.TaskManager;
import org.apache.james.utils.PropertiesProvider;
import org.apache.james.webadmin.Routes;
import org.apache.james.webadmin.utils.JsonTransformer;
import org.jamesoutgoing.james.RunningJames;
import org.jamesoutgoing.service.ControlRegistry;
import org.jamesoutgoing.service.Exports;
import org.jamesoutgoing.service.OutgoingServices;
import org.jamesoutgoing.service.RouteRegistry;
import org.jamesoutgoing.service.TemplateRegistry;
import spark.Service;

/**
 * Everything below {@code /outgoing}, behind James's own authentication, and closed to web pages of others.
 *
 * <pre>{@code
 * # webadmin.properties
 * extensions.routes=org.jamesoutgoing.webadmin.OutgoingRoutes
 * }</pre>
 *
 * <p>Needs the module of this JAR in {@code extensions.properties}, so that it talks of the same services as the mailets.
 */
public final class OutgoingRoutes implements Routes {

    static final String BASE = "/outgoing";
    private static final String ROUTES = BASE + "/routes";
    private static final String ROUTE = ROUTES + "/" + StaticRouteResource.DOMAIN;
    private static final String QUEUE = BASE + "/queue";
    private static final String LIMITS = BASE + "/limits";
    private static final String SUSPENSIONS = BASE + "/suspensions";
    private static final String OF_SERVICE = SUSPENSIONS + "/service";
    private static final String OF_DOMAIN = SUSPENSIONS + "/domains/" + SuspensionResource.DOMAIN;
    private static final String OF_HOST = SUSPENSIONS + "/hosts/" + SuspensionResource.HOST;
    private static final String TEMPLATES = BASE + "/templates";
    private static final String TEMPLATE = TEMPLATES + "/" + TemplateResource.NAME;

    private final OriginCheck originCheck;
    private final StaticRouteResource routes;
    private final EffectiveRouteResource effective;
    private final TraceResource trace;
    private final DnsTestResource dnsTest;
    private final ServicesResource servicesResource;
    private final QueueResource queue;
    private final MailResource mail;
    private final NextHopResource nextHops;
    private final AgesResource ages;
    private final QueueActionResource actions;
    private final ExportResource export;
    private final LimitsResource limits;
    private final SuspensionResource suspensions;
    private final TemplateResource templates;
    private final TemplatePreviewResource preview;
    private final JsonTransformer json;

    @Inject
    OutgoingRoutes(RunningJames james) {
        ControlRegistry controls = james.get(ControlRegistry.class);
        TemplateRegistry templateRegistry = james.get(TemplateRegistry.class);
        OutgoingServices services = james.get(OutgoingServices.class);
        Clock clock = james.get(Clock.class);
        this.json = james.get(JsonTransformer.class);
        Configuration webadmin = webadmin(james.get(PropertiesProvider.class));
        Supplier<TaskManager> tasks = () -> james.get(TaskManager.class);
        this.originCheck = OriginCheck.of(
                webadmin, name -> services.services().values().stream().anyMatch(service -> service.isCalled(name)));
        ServiceChoice choice = new ServiceChoice(services);
        this.routes = new StaticRouteResource(james.get(RouteRegistry.class));
        this.effective = new EffectiveRouteResource(choice);
        this.trace = new TraceResource(choice);
        this.dnsTest = new DnsTestResource(choice, services);
        this.servicesResource = new ServicesResource(services);
        this.queue = new QueueResource(choice, json);
        this.mail = new MailResource(choice);
        this.nextHops = new NextHopResource(choice);
        this.ages = new AgesResource(choice, json);
        this.actions = new QueueActionResource(choice, services, tasks, clock, GradedPasswords.areSet(webadmin));
        this.export = new ExportResource(services, james.get(Exports.class), tasks, clock);
        this.limits = new LimitsResource(choice, controls);
        this.suspensions = new SuspensionResource(choice, controls, clock);
        this.templates = new TemplateResource(templateRegistry, json);
        this.preview = new TemplatePreviewResource(templateRegistry, choice);
    }

    /** {@code webadmin.properties}; empty when there is none. */
    private static Configuration webadmin(PropertiesProvider properties) {
        try {
            return properties.getConfiguration("webadmin");
        } catch (FileNotFoundException e) {
            return new BaseConfiguration();
        } catch (ConfigurationException e) {
            throw new IllegalArgumentException("webadmin.properties cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String getBasePath() {
        return BASE;
    }

    @Override
    public void define(Service service) {
        service.before(BASE, originCheck);
        service.before(BASE + "/*", originCheck);
        service.get(ROUTES, ErrorResponses.answering(routes::list), json);
        // Before the routes of domains, or it would be one.
        service.get(ROUTES + "/trace", ErrorResponses.answering(trace::get), json);
        service.get(ROUTE, ErrorResponses.answering(routes::get), json);
        service.put(ROUTE, ErrorResponses.answering(routes::put));
        service.patch(ROUTE, ErrorResponses.answering(routes::patch));
        service.delete(ROUTE, ErrorResponses.answering(routes::delete));
        service.get(ROUTE + "/effective", ErrorResponses.answering(effective::get), json);
        service.post(ROUTES + "/trace", ErrorResponses.answering(trace::post), json);
        service.get(BASE + "/dns/test", ErrorResponses.answering(dnsTest::get), json);
        service.post(BASE + "/dns/test", ErrorResponses.answering(dnsTest::post), json);
        service.get(BASE, ErrorResponses.answering(servicesResource::list), json);
        service.get(
                QUEUE,
                ErrorResponses.answering((request, response) -> QueueActionResource.isDryRun(request)
                        ? json.render(actions.dryRun(request, response))
                        : queue.list(request, response)));
        service.get(QUEUE + "/" + MailResource.MAIL, ErrorResponses.answering(mail::get), json);
        service.get(BASE + "/next-hops", ErrorResponses.answering(nextHops::list), json);
        service.get(BASE + "/ages", ErrorResponses.answering(ages::get));
        service.post(QUEUE, ErrorResponses.answering(actions::onMany), json);
        service.post(QUEUE + "/" + QueueActionResource.MAIL, ErrorResponses.answering(actions::onOne), json);
        service.delete(QUEUE, ErrorResponses.answering(actions::onMany), json);
        service.delete(QUEUE + "/" + QueueActionResource.MAIL, ErrorResponses.answering(actions::onOne), json);
        service.post(BASE + "/drain", ErrorResponses.answering(actions::drain), json);
        service.post(BASE + "/export", ErrorResponses.answering(export::post), json);
        service.post(BASE + "/import", ErrorResponses.answering(export::postImport), json);
        service.get(LIMITS, ErrorResponses.answering(limits::get), json);
        service.patch(LIMITS, ErrorResponses.answering(limits::patch));
        service.delete(LIMITS, ErrorResponses.answering(limits::delete));
        service.get(SUSPENSIONS, ErrorResponses.answering(suspensions::list), json);
        service.put(OF_SERVICE, ErrorResponses.answering(suspensions.put(SuspensionResource::service)));
        service.delete(OF_SERVICE, ErrorResponses.answering(suspensions.delete(SuspensionResource::service)));
        service.put(OF_DOMAIN, ErrorResponses.answering(suspensions.put(SuspensionResource::domain)));
        service.delete(OF_DOMAIN, ErrorResponses.answering(suspensions.delete(SuspensionResource::domain)));
        service.put(OF_HOST, ErrorResponses.answering(suspensions.put(SuspensionResource::host)));
        service.delete(OF_HOST, ErrorResponses.answering(suspensions.delete(SuspensionResource::host)));
        service.get(TEMPLATES, ErrorResponses.answering(templates::list), json);
        service.get(TEMPLATE, ErrorResponses.answering(templates::get));
        service.put(TEMPLATE, ErrorResponses.answering(templates::put));
        service.delete(TEMPLATE, ErrorResponses.answering(templates::delete));
        service.get(TEMPLATE + "/preview", ErrorResponses.answering(preview::get));
        service.post(TEMPLATE + "/preview", ErrorResponses.answering(preview::post));
    }
}
